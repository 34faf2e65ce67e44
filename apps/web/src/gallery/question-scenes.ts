import type { Counters, Seat } from '@farandole/protocol/fields';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const MODES = ['video', 'text', 'question'] as const;
const QUESTION = 'Is it better to travel alone or with friends, and why?';
const STARTED_AT_MS = 1_800_000_000_000;
const CALL = { match: 'match-question-01', epoch: 1 } as const;

const LINES: readonly (readonly [seat: Seat, text: string])[] = [
  ['a', QUESTION],
  ['b', 'Alone. I talk to far more people that way.'],
  ['c', 'With friends! Who else laughs about the missed train?'],
  ['b', 'Fair. But the best meals were at a table full of strangers.'],
  ['c', 'Then you are never really alone.'],
];

async function search(world: SceneWorld, role: 'asker' | 'answerer'): Promise<void> {
  await world.search('question');
  const question = role === 'asker' && { question: QUESTION };
  world.you.app.navigation.searchQuestion({ role, ...question });
  await world.time.quiet();
}

/** Opens a question call, in which three lines of the two others have arrived. */
async function meet(world: SceneWorld, side: 'a' | 'b', count = LINES.length): Promise<void> {
  await search(world, side === 'a' ? 'asker' : 'answerer');
  const ticket = world.server.waiting.at(-1)?.ticket.ticket ?? '';
  await world.tell({
    type: 'match.found',
    ...{ ...CALL, ticket, side, mode: 'question', startedAtMs: STARTED_AT_MS },
    ...{ role: side === 'a' ? 'offerer' : 'answerer', transport: 'all', directOffered: false },
    ...{ receipt: 'receipt-of-a-question', sharedInterests: [], sharedLanguages: ['en'] },
    offerUsed: false,
  });
  let counters: Counters = [0, 0, 0];
  for (const [at, [seat, text]] of LINES.slice(0, count).entries()) {
    const index = ['a', 'b', 'c'].indexOf(seat);
    counters = counters.map((lines, of) => lines + Number(of === index)) as Counters;
    const atMs = STARTED_AT_MS + at * 9_000;
    const line = { id: `line-${at}`, side: seat, counters, atMs, text };
    const tag = `test.${'A'.repeat(43)}`;
    await world.tell({ type: 'chat.line', ...CALL, line: { ...line, tag } });
  }
}

const scene = (play: Script) => ({ modes: MODES, play });

export const questionScenes = {
  'landing-question': scene((world) => world.open()),
  'question-room': scene((world) => world.search('question')),
  'question-refused': scene(async (world) => {
    await search(world, 'asker');
    const ticket = world.server.waiting.at(-1)?.ticket.ticket ?? '';
    const refused = { type: 'ticket.refused', ticket, reason: 'bad-question' } as const;
    await world.tell({ ...refused, fault: 'name' });
  }),
  'question-waiting': scene((world) => search(world, 'answerer')),
  'question-answering': scene((world) => meet(world, 'b')),
  'question-reading': scene((world) => meet(world, 'a')),
  'question-reading-empty': scene((world) => meet(world, 'a', 1)),
  'question-away': scene(async (world) => {
    await meet(world, 'b');
    await world.tell({ type: 'peer.presence', ...CALL, present: false, side: 'c' });
  }),
  'question-report': scene(async (world) => {
    await meet(world, 'b');
    world.you.app.report.open();
    await world.time.quiet();
  }),
  'question-ended': scene(async (world) => {
    await meet(world, 'a');
    await world.tell({ type: 'call.ended', ...CALL, reason: 'left' });
  }),
} as const satisfies Scenes;
