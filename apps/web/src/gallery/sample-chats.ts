import type { ChatView, LineView } from '../chat/chat-view.ts';
import type { ReportLineView, ReportPictureView } from '../report/reporting-view.ts';

/** What two people may have written. */

/** The n-th line, four seconds after the one before. */
export const line = (n: number, from: LineView['from'], text: string): LineView => ({
  key: `line-${n}`,
  id: `line-${n}`,
  from,
  text,
  atMs: 1_700_000_000_000 + n * 4_000,
  sinceStartMs: n * 4_000,
  state: 'sent',
  refusal: null,
});

export const EMPTY_CHAT: ChatView = {
  lines: [],
  draft: '',
  draftFault: null,
  caution: null,
  draftRemaining: 1_000,
  peerTyping: false,
  peerQuietMinutes: 0,
  unread: 0,
  open: true,
};

export const CHAT: ChatView = {
  ...EMPTY_CHAT,
  lines: [
    line(1, 'peer', 'hello from Lyon!'),
    line(2, 'you', 'hi, is it raining there too?'),
    line(3, 'peer', 'always. مرحبا — שלום'),
  ],
  peerTyping: true,
};

export const LONG_CHAT: ChatView = {
  ...EMPTY_CHAT,
  lines: [
    ...CHAT.lines,
    line(4, 'you', 'What did you cook last? I made a lentil soup that could hold a spoon upright.'),
    line(5, 'peer', 'Same soup, I think. Mine could hold the ladle.'),
    line(
      6,
      'you',
      'https://example.org/soup-that-is-one-very-long-word-without-a-single-space-in-it',
    ),
    {
      ...line(7, 'you', 'This one was too fast'),
      state: 'refused',
      refusal: 'too-fast',
      atMs: null,
    },
    { ...line(8, 'you', 'And this one waits'), state: 'waiting', atMs: null },
  ],
};

/** After its call: what did not go out will not. */
export const ENDED_CHAT: ChatView = {
  ...LONG_CHAT,
  open: false,
  lines: LONG_CHAT.lines.map((said) =>
    said.state === 'waiting' ? { ...said, state: 'refused', refusal: 'call-over' } : said,
  ),
};

/** Something that may be private, and is asked about before it goes out. */
export const CAUTION_CHAT: ChatView = {
  ...CHAT,
  peerTyping: false,
  draft: 'call me: +33 1 99 00 12 34',
  draftRemaining: 974,
  caution: 'phone',
};

const reportLine = (
  place: number,
  from: ReportLineView['from'],
  text: string,
  change: Partial<ReportLineView> = {},
): ReportLineView => ({ place, from, text, attached: true, afterGap: false, ...change });

/** The lines of a chat in which some are missing, as the sheet of a report shows them. */
export const REPORT_LINES: readonly ReportLineView[] = [
  reportLine(1, 'peer', 'Hello! Where are you from?', { attached: false }),
  reportLine(2, 'you', 'Near Lyon. And you?', { attached: false }),
  reportLine(5, 'peer', 'Give me your number first.', { afterGap: true }),
  reportLine(6, 'you', 'I would rather not.'),
  reportLine(7, 'peer', 'Then I will find out where you live.'),
];

/** As they are while they are chosen: one is left out. */
export const REPORT_PICTURES: readonly ReportPictureView[] = Array.from(
  { length: 20 },
  (_, id) => ({
    id,
    agoMs: 1_000 * (20 - id) - 500,
    attached: id !== 3,
  }),
);
