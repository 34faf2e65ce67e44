/**
 * A reporter for node:test that writes one line of JSON: the counts of the whole run.
 *
 * @param {AsyncIterable<{ type: string, data: { file?: string, counts?: object } }>} events
 */
export default async function* countReporter(events) {
  for await (const { type, data } of events) {
    // The summary of one file names it; that of the run does not.
    if (type === 'test:summary' && data.file === undefined)
      yield `${JSON.stringify(data.counts)}\n`;
  }
}
