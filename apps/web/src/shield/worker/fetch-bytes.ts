/**
 * Fetches a file whose length is known before, whatever the network packs it in.
 *
 * @param progress is told the share that has come
 * @throws when it does not come, or is not as long as it should be
 */
export async function fetchBytes(
  url: string,
  byteLength: number,
  progress: (share: number) => void,
): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  const bytes = new Uint8Array(byteLength);
  let loaded = 0;
  const reader = response.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    // One that is longer than it should be does not fit, and throws.
    bytes.set(chunk.value, loaded);
    loaded += chunk.value.length;
    progress(loaded / byteLength);
  }
  if (loaded !== byteLength) throw new Error(`${url} ended after ${loaded} bytes`);
  return bytes;
}
