import { lineAt } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

const TEXT_FILE =
  /(?:\.(?:ts|tsx|mjs|js|json|css|html|md|svg|txt|conf|yml|yaml|sh|webmanifest)|\/run|rc|file)$/;

const LEAKS: readonly { readonly form: RegExp; readonly message: string }[] = [
  {
    form: /(?<![\w.~/-])\/(?:home|root|work|Users|tmp)\/\w|\b[A-Z]:\\Users\b/g,
    message: 'A path of one machine: use a relative one, or ask the system for its folder.',
  },
  {
    form: /\b(?:registry|mirror|mirrors|deb|archive|security)\.[a-z0-9-]+\.(?:org|com|net|io|dev)\b/g,
    message: 'The registry is a setting of the machine that installs the packages.',
  },
];

export function leakFaults(tree: Tree): Fault[] {
  return tree.paths
    .filter((path) => TEXT_FILE.test(path))
    .flatMap((path) => {
      const text = tree.read(path);
      return LEAKS.flatMap(({ form, message }) =>
        Array.from(text.matchAll(form), (match) => ({
          path,
          line: lineAt(text, match.index),
          message: `${match[0]}: ${message}`,
        })),
      );
    });
}
