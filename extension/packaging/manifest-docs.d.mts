export function settingsPage(manifest: object): string;
export function launchPage(manifest: object): string;
