import type { Records } from '@farandole/moderation/store/records';
import { integer, orNull, text } from './fields.ts';
import { collection } from './table.ts';

/** How blocks and declarations of minors are stored, see `TABLES`. */
export const APART_TABLES = {
  blocks: collection<Records['blocks']>()({
    fields: {
      id: text(),
      kind: text(),
      by: text(),
      byDevice: orNull(text()),
      of: text(),
      ofDevice: orNull(text()),
      ofNetwork: orNull(text()),
      match: orNull(text()),
      side: orNull(text()),
      mark: orNull(text()),
      asked: orNull(text()),
      code: orNull(text()),
      atMs: integer(),
    },
    derived: {
      namesNetwork: { type: 'smallint', of: ({ ofNetwork }) => (ofNetwork === null ? 0 : 1) },
    },
    indexes: [
      { on: ['atMs'] },
      { on: ['by'] },
      { on: ['of'] },
      { on: ['byDevice'] },
      { on: ['ofDevice'] },
      { on: ['kind', 'atMs'] },
      { on: ['namesNetwork', 'atMs'] },
    ],
  }),
  ageRefusals: collection<Records['ageRefusals']>()({
    fields: { id: text(), subject: text(), device: orNull(text()), atMs: integer() },
    derived: {},
    indexes: [{ on: ['atMs'] }, { on: ['subject'] }, { on: ['device'] }],
  }),
};
