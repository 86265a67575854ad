import { existsSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/** What stands in the debug info of prebuilt samples for the folder of this package. */
const PACKAGE_PREFIX = "/pollscope/";

/**
 * How a source path of the debug info is shown: relative to the working directory where it lies in there, else as
 * it is. Paths of prebuilt samples are found in the package, if its sources are there.
 *
 * @param packageFolder the folder with `samples/`
 */
export function sourcePathShower(
  packageFolder: string,
  workingFolder = process.cwd(),
): (path: string) => string {
  const known = new Map<string, string>();
  const show = (path: string) => {
    const bundled = path.startsWith(PACKAGE_PREFIX)
      ? join(packageFolder, path.slice(PACKAGE_PREFIX.length))
      : path;
    const found = existsSync(bundled) ? bundled : path;
    const inside = relative(workingFolder, resolve(found));
    return inside.startsWith(`..${sep}`) || inside === ".." || resolve(inside) === inside ? found : inside;
  };
  return (path) => {
    let shown = known.get(path);
    if (shown === undefined) {
      shown = show(path);
      known.set(path, shown);
    }
    return shown;
  };
}
