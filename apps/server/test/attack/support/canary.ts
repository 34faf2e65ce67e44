import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CREDIT_LIMITS } from '@farandole/gateway/limits';
import { arriveAndMeet } from '../../support/meeting.ts';
import { inCall, TestPage } from '../../support/test-page.ts';

const NETWORKS = ['127.90.0.1', '127.90.1.1'] as const;

export const CANARY_SOCKETS = 2;

/**
 * Two users who chat with numbered lines during an attack. Both must receive each line once and in
 * order.
 */
export class Canary {
  readonly people: readonly [TestPage, TestPage];
  #isOver = false;
  #turns = 0;
  readonly #chat: Promise<void>;
  #hasFailed = false;

  static async start(t: TestContext, port: number): Promise<Canary> {
    const [ana, ben] = NETWORKS.map((from) => new TestPage(t, port, { from }));
    assert.ok(ana !== undefined && ben !== undefined);
    const [found] = await arriveAndMeet(ana, ben);
    return new Canary([ana, ben], inCall(found));
  }

  private constructor(
    people: readonly [TestPage, TestPage],
    call: { readonly match: string; readonly epoch: number },
  ) {
    this.people = people;
    this.#chat = this.#talk(call);
    // The error is kept until the next call of `saysMore` throws it.
    this.#chat.catch(() => {
      this.#hasFailed = true;
    });
  }

  /**
   * Resolves when each user has sent `turns` more lines and both users have received all of
   * them.
   */
  async saysMore(turns: number): Promise<void> {
    const target = this.#turns + turns;
    while (this.#turns < target) {
      if (this.#hasFailed) await this.#chat;
      await delay(10);
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#chat;
    for (const page of this.people) {
      assert.equal(page.closed, null);
      page.socket.close(1000);
      await page.untilClosed();
    }
  }

  async #talk(call: { readonly match: string; readonly epoch: number }): Promise<void> {
    while (!this.#isOver) {
      for (const [index, speaker] of this.people.entries()) {
        const text = `line ${this.#turns} of ${index}`;
        speaker.say('chat.send', { ...call, id: `line-${this.#turns}-of-${index}`, text });
        for (const page of this.people) {
          // The texts differ if a line was lost or repeated.
          assert.equal((await page.next('chat.line')).line.text, text);
        }
      }
      this.#turns += 1;
      // This delay gives the highest line rate that the rate limit allows permanently.
      await delay(CREDIT_LIMITS.chat.everyMs);
    }
  }
}
