/** The part of Bun's API that the transport uses (Bun 1.4). */
export interface BunApi {
  serve<Data>(options: BunServeOptions<Data>): BunServer<Data>;
}

export interface BunServeOptions<Data> {
  readonly hostname: string;
  readonly port: number;
  /** Seconds without progress after which an HTTP connection is closed, at most 255. */
  readonly idleTimeout: number;
  readonly maxRequestBodySize: number;
  /** Returns undefined for a request that became a WebSocket. */
  fetch(
    request: Request,
    server: BunServer<Data>,
  ): Response | undefined | Promise<Response | undefined>;
  error(error: Error): Response;
  readonly websocket: BunSocketOptions<Data>;
}

export interface BunSocketOptions<Data> {
  /** Maximum number of bytes of a message. */
  readonly maxPayloadLength: number;
  /** Bytes that wait for a client above which Bun closes the socket. */
  readonly backpressureLimit: number;
  readonly closeOnBackpressureLimit: boolean;
  /** Seconds without input after which Bun closes the socket; 0 for never. */
  readonly idleTimeout: number;
  readonly sendPings: boolean;
  readonly perMessageDeflate: boolean;
  open(ws: BunWebSocket<Data>): void;
  message(ws: BunWebSocket<Data>, message: string | Buffer): void;
  ping(ws: BunWebSocket<Data>, payload: Buffer): void;
  pong(ws: BunWebSocket<Data>, payload: Buffer): void;
  /** @param reason the client's reason, or Bun's own if a frame was unreadable */
  close(ws: BunWebSocket<Data>, code: number, reason: string): void;
}

export interface BunServer<Data> {
  readonly port: number;
  requestIP(request: Request): { readonly address: string } | null;
  /** Sets the idle timeout of a request's connection, in seconds. */
  timeout(request: Request, seconds: number): void;
  /** @returns false if the request isn't a valid handshake */
  upgrade(
    request: Request,
    options: { readonly headers: Record<string, string>; readonly data: Data },
  ): boolean;
  /** @param endsConnections whether open connections are closed at once */
  stop(endsConnections: boolean): Promise<void>;
}

export interface BunWebSocket<Data> {
  readonly data: Data;
  /** As in browsers: 1 while the socket is open. */
  readonly readyState: number;
  send(text: string): number;
  ping(): number;
  close(code: number, reason: string): void;
  terminate(): void;
  /** Collects the frames that the function sends into one write. */
  cork(send: () => void): void;
  getBufferedAmount(): number;
}

declare global {
  /** Absent on Node. */
  var Bun: BunApi | undefined;
}
