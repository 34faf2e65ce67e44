export interface JsonReplyOptions {
  readonly status?: number;
  /** Besides what its form needs, or in its place. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer in JSON that nothing on the way keeps. */
export function jsonReply(
  value: unknown,
  { status = 200, headers = {} }: JsonReplyOptions = {},
): Response {
  // A plain object: the adapter writes it as it is, where a `Headers` would be read out again.
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
}
