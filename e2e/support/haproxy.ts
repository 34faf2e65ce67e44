import { connect } from 'node:net';

/** Controls the nodes of a running haproxy by its runtime API. */
export class Haproxy {
  readonly #adminSocket: string;

  constructor(adminSocket: string) {
    this.#adminSocket = adminSocket;
  }

  /** Lets haproxy send new connections to a node, or no more. Open connections stay. */
  async admit(node: string, isAdmitted: boolean): Promise<void> {
    await this.#command(`set server nodes/${node} state ${isAdmitted ? 'ready' : 'drain'}`);
  }

  /** Cuts all open connections to a node. */
  async cut(node: string): Promise<void> {
    await this.#command(`shutdown sessions server nodes/${node}`);
  }

  /** @throws Error if haproxy refuses the command */
  async #command(text: string): Promise<void> {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(this.#adminSocket, () => socket.write(`${text}\n`));
      let said = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        said += chunk;
      });
      socket.once('error', reject);
      socket.once('close', () => resolve(said));
    });
    if (answer.trim() !== '') throw new Error(`haproxy refused "${text}": ${answer}`);
  }
}
