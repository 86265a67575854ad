export function packedFiles(): string[];
export function writeVsix(file: string): Promise<{ readonly files: number; readonly bytes: number }>;
