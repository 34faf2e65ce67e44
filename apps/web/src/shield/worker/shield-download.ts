/** A file of the shield, as the build wrote it. */
export interface ShieldFile {
  readonly url: string;
  readonly byteLength: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/** Keeps checked files on the device, so that they needn't be downloaded again. */
export interface ShieldFileCache {
  /** Returns the content of a kept file, or null. Its content isn't checked yet. */
  read(url: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Keeps a checked file. Never rejects. */
  keep(url: string, content: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Removes every kept file that isn't among `urls`. Never rejects. */
  keepOnly(urls: readonly string[]): Promise<void>;
}

export interface ShieldDownloadPorts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sha256: (content: Uint8Array<ArrayBuffer>) => Promise<string>;
  readonly cache: ShieldFileCache;
}

/** A response that another attempt wouldn't change. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

interface Part {
  readonly file: ShieldFile;
  readonly content: Uint8Array<ArrayBuffer>;
  received: number;
  isChecked: boolean;
}

const PARTIAL = 206;

/**
 * Downloads the files of the shield and checks their digests. After a failure, another call of
 * `load` continues each file where it stopped, if the server supports ranges.
 */
export class ShieldDownload {
  readonly #ports: ShieldDownloadPorts;
  readonly #parts: readonly Part[];
  #attempt: AbortController | null = null;

  constructor(files: readonly ShieldFile[], ports: ShieldDownloadPorts) {
    this.#ports = ports;
    this.#parts = files.map((file) => ({
      file,
      content: new Uint8Array(file.byteLength),
      received: 0,
      isChecked: false,
    }));
  }

  /** Whether another attempt has something to continue. */
  get isBegun(): boolean {
    return this.#parts.some(({ received }) => received > 0);
  }

  /**
   * Loads all files. Aborts an earlier attempt that still runs.
   * @param progress receives the loaded share of all bytes, from 0 to 1, at each arrival of bytes
   * @returns the contents, in the order of the files
   * @throws if a file can't be loaded, or has another content than the build wrote
   */
  async load(progress: (share: number) => void): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    this.#attempt?.abort();
    const attempt = new AbortController();
    this.#attempt = attempt;
    const total = this.#parts.reduce((sum, { file }) => sum + file.byteLength, 0);
    const tell = (): void => {
      if (attempt.signal.aborted) return;
      progress(this.#parts.reduce((sum, { received }) => sum + received, 0) / total);
    };
    tell();
    try {
      await Promise.all(this.#parts.map((part) => this.#complete(part, attempt.signal, tell)));
    } catch (error) {
      attempt.abort();
      throw error;
    }
    await this.#ports.cache.keepOnly(this.#parts.map(({ file }) => file.url));
    return this.#parts.map(({ content }) => content);
  }

  async #complete(part: Part, signal: AbortSignal, tell: () => void): Promise<void> {
    if (part.isChecked) return;
    if (part.received === 0 && (await this.#takeCached(part))) {
      tell();
      return;
    }
    while (part.received < part.file.byteLength) {
      const from = part.received;
      try {
        await this.#receive(part, signal, tell);
      } catch (error) {
        // A connection that broke after some bytes is opened again at once. Without any bytes, the
        // line is probably down.
        const isCut = part.received > from && !signal.aborted;
        if (!isCut || error instanceof RefusedError) throw error;
      }
    }
    await this.#check(part);
    await this.#ports.cache.keep(part.file.url, part.content);
  }

  async #takeCached(part: Part): Promise<boolean> {
    const { file, content } = part;
    const cached = await this.#ports.cache.read(file.url);
    if (cached?.length !== file.byteLength) return false;
    if ((await this.#ports.sha256(cached)) !== file.sha256) return false;
    content.set(cached);
    part.received = file.byteLength;
    part.isChecked = true;
    return true;
  }

  async #receive(part: Part, signal: AbortSignal, tell: () => void): Promise<void> {
    const { file, content } = part;
    // The browser's cache stores no parts, so a continued download bypasses it.
    const init: RequestInit =
      part.received === 0
        ? { signal }
        : { signal, cache: 'no-store', headers: { Range: `bytes=${part.received}-` } };
    const response = await this.#ports.fetch(file.url, init);
    if (!response.ok || response.body === null) {
      throw new RefusedError(`${file.url} answers ${response.status}`);
    }
    part.received = startOf(response, part.received);
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (part.received + chunk.value.length > content.length) {
        part.received = 0;
        throw new RefusedError(`${file.url} is longer than ${content.length} bytes`);
      }
      content.set(chunk.value, part.received);
      part.received += chunk.value.length;
      tell();
    }
    if (part.received < content.length) {
      throw new Error(`${file.url} ended after ${part.received} bytes`);
    }
  }

  /** The address names the content, so a wrong digest means that bytes changed on the way. */
  async #check(part: Part): Promise<void> {
    if ((await this.#ports.sha256(part.content)) === part.file.sha256) {
      part.isChecked = true;
      return;
    }
    part.received = 0;
    throw new RefusedError(`${part.file.url} has another digest`);
  }
}

/** Returns the offset of the response's first byte. A server without ranges starts again at 0. */
function startOf(response: Response, requested: number): number {
  if (response.status !== PARTIAL) return 0;
  const start = /^bytes (\d+)-/u.exec(response.headers.get('content-range') ?? '')?.[1];
  if (Number(start) !== requested) throw new RefusedError('the server sent another range');
  return requested;
}
