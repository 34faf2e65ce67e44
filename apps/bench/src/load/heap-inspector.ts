export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: string } };
}

/**
 * Collects garbage over the debugger and returns memory use, so that the server needs no test code.
 * @param url as `--inspect` prints it
 */
export async function collectAndMeasure(url: string): Promise<Memory> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('the debugger does not answer')));
  });
  let lastId = 0;
  const ask = async (method: string, params: object = {}): Promise<Reply> => {
    lastId += 1;
    const id = lastId;
    const reply = new Promise<Reply>((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as Reply;
        if (message.id === id) resolve(message);
      });
    });
    socket.send(JSON.stringify({ id, method, params }));
    return await reply;
  };
  // Twice: finalizers of the first round free more for the second.
  await ask('HeapProfiler.collectGarbage');
  await ask('HeapProfiler.collectGarbage');
  const expression = 'JSON.stringify(process.memoryUsage())';
  const { result } = await ask('Runtime.evaluate', { expression, returnByValue: true });
  socket.close();
  return JSON.parse(result?.result?.value ?? 'null') as Memory;
}
