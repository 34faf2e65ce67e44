export interface JsonReplyOptions {
  readonly status?: number;
  /** Response headers that override the default ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes a JSON response that caches must not store. */
export function jsonReply(
  value: unknown,
  { status = 200, headers = {} }: JsonReplyOptions = {},
): Response {
  // The headers are a plain object, because reading a `Headers` object back would cost the HTTP
  // adapter time.
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
}
