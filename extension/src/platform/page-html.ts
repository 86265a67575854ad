/** Where the page's parts are, as the webview may load them. */
interface PageSources {
  /** The webview's own origin, for the content security policy. */
  readonly cspSource: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** A fresh random text: only the script that carries it runs. */
  readonly nonce: string;
}

/** A page of ours: no inline script or style, nothing from the network. */
export function pageHtml({ cspSource, script, styles, nonce }: PageSources): string {
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
  const links = styles.map((style) => `<link rel="stylesheet" href="${style}" />`).join("\n    ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    ${links}
    <title>Pollscope</title>
  </head>
  <body>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
