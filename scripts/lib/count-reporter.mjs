/**
 * A node:test reporter that writes one line of JSON: the counts of the run, and the duration of each file.
 * @param {AsyncIterable<{ type: string, data: { file?: string, counts?: object, duration_ms?: number } }>} events
 */
export default async function* countReporter(events) {
  /** @type {Record<string, number>} */
  const times = {};
  for await (const { type, data } of events) {
    if (type !== 'test:summary') continue;
    // Skips the summary of a single file, which names the file. The summary of the whole run names
    // none.
    if (data.file === undefined) yield `${JSON.stringify({ ...data.counts, times })}\n`;
    else times[data.file] = data.duration_ms ?? 0;
  }
}
