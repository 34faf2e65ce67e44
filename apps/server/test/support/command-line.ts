import assert from 'node:assert/strict';
import { runCli } from '../../src/cli/cli.ts';
import { systemClock } from '../../src/node/system-clock.ts';

export interface Ran {
  readonly code: number;
  readonly said: string;
}

export class CommandLine {
  readonly #environment: Readonly<Record<string, string>>;
  nowMs: () => number = () => systemClock.wallMs();

  constructor(dataDir: string, environment: Readonly<Record<string, string>> = {}) {
    this.#environment = { FARANDOLE_DATA_DIR: dataDir, ...environment };
  }

  async run(...args: readonly string[]): Promise<Ran> {
    let said = '';
    const code = await runCli(args, this.#environment, this.nowMs(), (text) => {
      said += `${text}\n`;
    });
    return { code, said };
  }

  /** Returns the texts that a command shows on a terminal while it runs. It must succeed. */
  async shows(...args: readonly string[]): Promise<readonly string[]> {
    const shown: string[] = [];
    const show = (text: string): void => void shown.push(text);
    const code = await runCli(args, this.#environment, this.nowMs(), () => {}, show);
    assert.equal(code, 0);
    return shown;
  }

  /** Returns the output of a command that must succeed. */
  async says(...args: readonly string[]): Promise<string> {
    const { code, said } = await this.run(...args);
    assert.equal(code, 0, said);
    return said;
  }

  /** Returns the parsed JSON output of a command that must succeed. */
  async tells(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.says(...args, '--json'));
  }

  /** Returns the output of a command that must fail. */
  async refuses(...args: readonly string[]): Promise<string> {
    const { code, said } = await this.run(...args);
    assert.equal(code, 1, said);
    return said;
  }
}
