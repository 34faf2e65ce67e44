import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { OFFERED_BY_DEFAULT } from '@farandole/matchmaking/mode';
import { LANGUAGES } from '@farandole/ui/locales';
import { StartError } from '../start-error.ts';
import { languageOf } from './accept-language.ts';

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['.bin', 'application/octet-stream'],
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml; charset=utf-8'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
]);

/** Matches files whose names contain a digest, so their content never changes. */
const ASSET = /^\/(?:console\/)?assets\//;
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

/** Content encodings that the build produces, with their file extensions, best first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

const INDEX = '/index.html';
const HOME = '/';

/**
 * Matches the addresses of the preview that other sites show of a link. They must be absolute, and
 * the build doesn't know the origin.
 */
const PREVIEW_ADDRESS = /(<meta property="og:(?:image|url)" content=")(?=\/)/gu;

/** Matches the preload of the display font, which right-to-left languages don't use. */
const FONT_PRELOAD = /<link rel="preload" as="font"[^>]{0,300}>/gu;

/** Pages that are served at their folder's address, without `index.html`. */
const PAGES = new Map([
  [INDEX, HOME],
  ['/console/index.html', '/console'],
]);

interface Variant {
  /** Content encoding of this variant; null if the body isn't encoded. */
  readonly encoding: string | null;
  readonly body: Buffer<ArrayBuffer>;
  readonly etag: string;
}

interface StaticFile {
  readonly mediaType: string;
  readonly cacheControl: string;
  /** The encoded variants of a file, best first, and the plain variant last. */
  readonly variants: readonly Variant[];
}

/**
 * Holds the built pages in memory. A request can only select one of these files, so path traversal
 * is impossible.
 */
export class StaticPages {
  readonly #files: ReadonlyMap<string, StaticFile>;
  readonly #modes: readonly string[];
  /** The first page of each origin of the site, with and without the preload of the font. */
  readonly #homes = new Map<string, StaticFile>();

  private constructor(files: ReadonlyMap<string, StaticFile>, modes: readonly string[]) {
    this.#files = files;
    this.#modes = modes;
  }

  /**
   * @param modes the offered ways to meet, which the first page must know before it has a session
   * @throws StartError if the folder holds no built pages
   */
  static async read(
    folder: string,
    modes: readonly string[] = OFFERED_BY_DEFAULT,
  ): Promise<StaticPages> {
    const bodies = await readBodies(folder);
    if (!bodies.has(INDEX)) {
      throw new StartError(
        `The page has not been built: there is no index.html in ${folder}. ` +
          'Run npm start, which builds it, or npm run build.',
      );
    }
    const files = new Map<string, StaticFile>();
    for (const [path, body] of bodies) {
      const mediaType = MEDIA_TYPES.get(extname(path));
      if (mediaType === undefined) continue;
      files.set(PAGES.get(path) ?? path, {
        mediaType,
        cacheControl: ASSET.test(path) ? FOR_EVER : ASK_AGAIN,
        variants: variantsOf(path, body, bodies),
      });
    }
    return new StaticPages(files, modes);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /**
   * Responds with a file in the best encoding that the browser accepts, or with a range of the plain
   * file, by which a page continues a download that broke off. Returns null if there is no such
   * file.
   * @param origin the site's origin under which the file was requested
   */
  respond(path: string, request: Request, origin: string): Response | null {
    const file =
      path === HOME
        ? this.#homeOf(origin, usesDisplayFont(request.headers.get('accept-language')))
        : this.#files.get(path);
    if (file === undefined) return null;
    const accepted = acceptedEncodings(request.headers.get('accept-encoding') ?? '');
    const range = rangeOf(request.headers.get('range'));
    const variant = file.variants.find(
      ({ encoding }) => encoding === null || (range === null && accepted.has(encoding)),
    );
    if (variant === undefined) return null;
    const headers: Record<string, string> = {
      'Accept-Ranges': 'bytes',
      'Cache-Control': file.cacheControl,
      ETag: variant.etag,
      Vary: path === HOME ? 'Accept-Encoding, Accept-Language' : 'Accept-Encoding',
    };
    if (isKnown(request.headers.get('if-none-match'), variant.etag)) {
      return new Response(null, { status: 304, headers });
    }
    const ifRange = request.headers.get('if-range');
    if (range !== null && (ifRange === null || ifRange === variant.etag)) {
      return respondPart(variant.body, range, { ...headers, 'Content-Type': file.mediaType });
    }
    headers['Content-Type'] = file.mediaType;
    headers['Content-Length'] = String(variant.body.length);
    if (variant.encoding !== null) headers['Content-Encoding'] = variant.encoding;
    return new Response(variant.body, { headers });
  }

  #homeOf(origin: string, hasFont: boolean): StaticFile | undefined {
    const key = `${origin} ${hasFont}`;
    const known = this.#homes.get(key);
    if (known !== undefined) return known;
    const built = this.#files.get(HOME);
    if (built === undefined) return undefined;
    const home = homeAt(origin, hasFont, this.#modes, built);
    this.#homes.set(key, home);
    return home;
  }
}

function usesDisplayFont(acceptLanguage: string | null): boolean {
  return LANGUAGES[languageOf(acceptLanguage)]?.direction !== 'rtl';
}

/**
 * Returns the first page with absolute addresses in its preview and the offered ways to meet, and
 * without the preload of the font if the user's language doesn't use it. Encodes the page as the build does.
 */
function homeAt(
  origin: string,
  hasFont: boolean,
  modes: readonly string[],
  file: StaticFile,
): StaticFile {
  const built = file.variants.at(-1)?.body.toString() ?? '';
  const html = built
    .replace('<html ', `<html ${modesAttribute(modes)}`)
    .replaceAll(PREVIEW_ADDRESS, `$1${origin}`)
    .replaceAll(FONT_PRELOAD, (link) => (hasFont ? link : ''));
  if (html === built) return file;
  const body = Buffer.from(html);
  const variants = [
    { encoding: 'br', body: brotliCompressSync(body) },
    { encoding: 'gzip', body: gzipSync(body, { level: 9 }) },
    { encoding: null, body },
  ].map((variant) => ({ ...variant, etag: etagOf(variant.body) }));
  return { ...file, variants };
}

/** Returns nothing for the default, which the page assumes. */
function modesAttribute(modes: readonly string[]): string {
  const isDefault = modes.join() === OFFERED_BY_DEFAULT.join();
  return isDefault ? '' : `data-modes="${modes.join(' ')}" `;
}

interface ByteRange {
  readonly start: number;
  /** The last byte, inclusive. Infinity for the rest of the file. */
  readonly end: number;
}

/**
 * Parses a `Range` header with one range from a byte on. Returns null for any other header, which a
 * server may ignore (RFC 9110, section 14.2).
 */
function rangeOf(header: string | null): ByteRange | null {
  const [, start, end] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header ?? '') ?? [];
  if (start === undefined) return null;
  const range = { start: Number(start), end: Number(end ?? Number.POSITIVE_INFINITY) };
  return range.start <= range.end ? range : null;
}

function respondPart(
  body: Buffer<ArrayBuffer>,
  { start, end }: ByteRange,
  headers: Record<string, string>,
): Response {
  if (start >= body.length) {
    const unsatisfied = { ...headers, 'Content-Range': `bytes */${body.length}` };
    return new Response(null, { status: 416, headers: unsatisfied });
  }
  const part = body.subarray(start, Math.min(end + 1, body.length));
  const last = start + part.length - 1;
  return new Response(part, {
    status: 206,
    headers: {
      ...headers,
      'Content-Length': String(part.length),
      'Content-Range': `bytes ${start}-${last}/${body.length}`,
    },
  });
}

async function readBodies(folder: string): Promise<Map<string, Buffer<ArrayBuffer>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const bodies = new Map<string, Buffer<ArrayBuffer>>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    bodies.set(`/${relative(folder, full).split(sep).join('/')}`, await readFile(full));
  }
  return bodies;
}

function variantsOf(
  path: string,
  body: Buffer<ArrayBuffer>,
  bodies: ReadonlyMap<string, Buffer<ArrayBuffer>>,
): readonly Variant[] {
  const variants: Variant[] = [];
  for (const [encoding, suffix] of ENCODINGS) {
    const encoded = bodies.get(path + suffix);
    if (encoded === undefined || encoded.length >= body.length) continue;
    variants.push({ encoding, body: encoded, etag: etagOf(encoded) });
  }
  variants.push({ encoding: null, body, etag: etagOf(body) });
  return variants;
}

function etagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

/**
 * Returns whether an `If-None-Match` header is `*` or lists the tag, compared weakly (RFC 9110,
 * section 13.1.2).
 */
function isKnown(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header
    .split(',')
    .map((item) => item.trim().replace(/^W\//, ''))
    .some((item) => item === etag || item === '*');
}

/**
 * Returns the encodings in an `Accept-Encoding` header. Ignores the browser's order of preference.
 */
function acceptedEncodings(header: string): ReadonlySet<string> {
  const accepted = new Set<string>();
  for (const part of header.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    if (!parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) accepted.add(name);
  }
  return accepted;
}
