export const allowedImports: Readonly<Record<string, readonly string[]>>;
export const allowedPackages: Readonly<Record<string, readonly string[]>>;
export const forbiddenPackages: Readonly<Record<string, readonly string[]>>;
export const platformNeutral: readonly string[];
export function moduleOf(path: string): string | undefined;
export function importViolation(from: string, to: string, isPackage: boolean): string | undefined;
