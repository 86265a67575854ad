/** Text whose characters mean nothing in Markdown (`appendText` would keep lines from being wrapped). */
export function literal(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-!~|<>&]/g, "\\$&");
}
