import { createHash } from 'node:crypto';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
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

/** A body that is read from disk for each request. */
interface BodyOnDisk {
  readonly path: string;
  readonly length: number;
}

type Body = Buffer<ArrayBuffer> | BodyOnDisk;

interface Variant {
  /** Content encoding of this variant; null if the body isn't encoded. */
  readonly encoding: string | null;
  readonly body: Body;
  readonly etag: string;
}

interface StaticFile {
  readonly mediaType: string;
  readonly cacheControl: string;
  /** The encoded variants of a file, best first, and the plain variant last. */
  readonly variants: readonly Variant[];
}

/**
 * Holds the built pages. A request can only select one of these files, so path traversal is
 * impossible.
 *
 * Of a file that never changes, only the best encoding is in memory, because browsers accept it. The
 * other encodings are four fifths of all bytes, and are read from disk.
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
    const sizes = await sizesIn(folder);
    if (!sizes.has(INDEX)) {
      throw new StartError(
        `The page has not been built: there is no index.html in ${folder}. ` +
          'Run npm start, which builds it, or npm run build.',
      );
    }
    const files = new Map<string, StaticFile>();
    for (const path of sizes.keys()) {
      const mediaType = MEDIA_TYPES.get(extname(path));
      if (mediaType === undefined) continue;
      files.set(PAGES.get(path) ?? path, {
        mediaType,
        cacheControl: ASSET.test(path) ? FOR_EVER : ASK_AGAIN,
        variants: await variantsOf(folder, path, sizes),
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
  async respond(path: string, request: Request, origin: string): Promise<Response | null> {
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
    const { body } = variant;
    const ifRange = request.headers.get('if-range');
    const part = range !== null && (ifRange === null || ifRange === variant.etag) ? range : null;
    const [start, end] = [part?.start ?? 0, Math.min(part?.end ?? Infinity, body.length - 1)];
    if (part !== null) {
      if (start >= body.length) {
        headers['Content-Range'] = `bytes */${body.length}`;
        return new Response(null, { status: 416, headers });
      }
      headers['Content-Range'] = `bytes ${start}-${end}/${body.length}`;
    }
    headers['Content-Type'] = file.mediaType;
    headers['Content-Length'] = String(end + 1 - start);
    if (variant.encoding !== null) headers['Content-Encoding'] = variant.encoding;
    const status = part === null ? 200 : 206;
    if (request.method === 'HEAD') return new Response(null, { status, headers });
    const content = await contentOf(body, start, end);
    return content === null ? null : new Response(content, { status, headers });
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
  const plain = file.variants.at(-1)?.body;
  const built = Buffer.isBuffer(plain) ? plain.toString() : '';
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

/**
 * Returns the bytes of a body from `start` to `end`, inclusive; null if the file is no longer on
 * disk.
 */
async function contentOf(
  body: Body,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null> {
  if (Buffer.isBuffer(body)) return body.subarray(start, end + 1);
  const file = await open(body.path).catch(() => null);
  // The stream closes the file when it ends, or when the client is gone.
  return file === null
    ? null
    : (Readable.toWeb(file.createReadStream({ start, end })) as ReadableStream<Uint8Array>);
}

/** Returns the path of each file in a folder as in an address, with its length in bytes. */
async function sizesIn(folder: string): Promise<ReadonlyMap<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    sizes.set(`/${relative(folder, full).split(sep).join('/')}`, (await stat(full)).size);
  }
  return sizes;
}

async function variantsOf(
  folder: string,
  path: string,
  sizes: ReadonlyMap<string, number>,
): Promise<readonly Variant[]> {
  const length = sizes.get(path) ?? 0;
  const encoded = ENCODINGS.filter(([, suffix]) => (sizes.get(path + suffix) ?? length) < length);
  const variants: Variant[] = [];
  for (const [encoding, suffix] of [...encoded, [null, ''] as const]) {
    const full = join(folder, path + suffix);
    if (ASSET.test(path) && variants.length > 0) {
      const onDisk = { path: full, length: sizes.get(path + suffix) ?? 0 };
      // The name contains a digest of the content.
      variants.push({ encoding, body: onDisk, etag: `"${basename(full)}"` });
    } else {
      const body = await readFile(full);
      variants.push({ encoding, body, etag: etagOf(body) });
    }
  }
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
