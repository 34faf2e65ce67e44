import Type from 'typebox';
import { closed, Id, sequenced, Token } from './fields.ts';
import * as limits from './limits.ts';

/** What a node says of blocks and reports: a part of `SERVER_SCHEMAS`. */

/** The block is on disk. */
export const BlockAccepted = Type.Object(
  {
    type: Type.Literal('block.accepted'),
    ...sequenced,
    match: Id,
    /** What it is taken back with, at any time; absent where a node of before wrote it down. */
    proof: Type.Optional(Token),
  },
  closed,
);

export const BlockRefused = Type.Object(
  {
    type: Type.Literal('block.refused'),
    ...sequenced,
    reason: Type.Union([
      Type.Literal('bad-receipt'),
      Type.Literal('too-fast'),
      Type.Literal('not-stored'),
    ]),
  },
  closed,
);

/** The report is on disk. */
/** The block is not there any more, and that is on disk. */
export const BlockRemoved = Type.Object(
  { type: Type.Literal('block.removed'), ...sequenced, id: Id },
  closed,
);

/** The block stays. `bad-proof`: of another person, or of no block of this server. */
export const BlockKept = Type.Object(
  {
    type: Type.Literal('block.kept'),
    ...sequenced,
    id: Id,
    reason: Type.Union([
      Type.Literal('bad-proof'),
      Type.Literal('too-fast'),
      Type.Literal('not-stored'),
    ]),
  },
  closed,
);

export const ReportAccepted = Type.Object(
  {
    type: Type.Literal('report.accepted'),
    ...sequenced,
    id: Id,
    /** What the reporter can name it by. */
    code: Type.String({ minLength: 1, maxLength: limits.REPORT_CODE_CHARS_MAX }),
    /** What the outcome is asked by: it names the report and nobody, and is good for that alone. */
    outcome: Token,
    /** True when this side of this call had reported already. */
    merged: Type.Boolean(),
    /** What its pictures are sent with, once and soon; absent where none are taken. */
    pictures: Type.Optional(Token),
  },
  closed,
);

export const ReportRefused = Type.Object(
  {
    type: Type.Literal('report.refused'),
    ...sequenced,
    id: Id,
    reason: Type.Union([
      Type.Literal('bad-receipt'),
      Type.Literal('bad-lines'),
      Type.Literal('too-fast'),
      Type.Literal('not-stored'),
    ]),
  },
  closed,
);
