import type { HtmlTagDescriptor, Plugin } from 'vite';

/** The only face that the first screen uses. */
const FONT = /bricolage-grotesque-latin-600-normal.*\.woff2$/u;
/** Imported by `boot.ts` once it has chosen the language. */
const MAIN = /\/src\/main\.tsx$/u;

/**
 * Preloads what the first screen needs beyond the entry: the application with its imports, and the
 * display face. Otherwise each costs a round trip.
 */
export function preload(): Plugin {
  return {
    name: 'farandole-preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (bundle === undefined) return [];
        const tags: HtmlTagDescriptor[] = [];
        const link = (attrs: { rel: string; href: string; [name: string]: string | boolean }) => {
          // The builder already lists the entry's own imports.
          if (!html.includes(attrs.href)) tags.push({ tag: 'link', attrs, injectTo: 'head' });
        };
        const seen = new Set<string>();
        const addModule = (fileName: string): void => {
          const chunk = bundle[fileName];
          if (chunk?.type !== 'chunk' || seen.has(fileName)) return;
          seen.add(fileName);
          if (!chunk.isEntry)
            link({ rel: 'modulepreload', crossorigin: true, href: `/${fileName}` });
          for (const imported of chunk.imports) addModule(imported);
          for (const sheet of chunk.viteMetadata?.importedCss ?? []) {
            if (!chunk.isEntry) link({ rel: 'stylesheet', crossorigin: true, href: `/${sheet}` });
          }
        };
        for (const [fileName, output] of Object.entries(bundle)) {
          if (output.type === 'chunk' && MAIN.test(output.facadeModuleId ?? ''))
            addModule(fileName);
          if (output.type === 'asset' && FONT.test(fileName)) {
            link({
              rel: 'preload',
              as: 'font',
              type: 'font/woff2',
              crossorigin: true,
              href: `/${fileName}`,
            });
          }
        }
        const entry = '<script type="module"';
        return { html: html.replace(entry, `${entry} blocking="render"`), tags };
      },
    },
  };
}
