import { isFolded, placeOf } from '@farandole/moderation/cases/queue-place';
import { NO_NETWORK } from '@farandole/moderation/ids';
import type { Records } from '@farandole/moderation/store/records';
import { columnsOfReport } from '@farandole/moderation/store/report-columns';
import { provenUntilMs } from '@farandole/moderation/trust/standing';
import { ACCOUNT_TABLES } from './account-tables.ts';
import { APART_TABLES } from './apart-tables.ts';
import {
  code,
  flag,
  int4,
  integer,
  inVariant,
  json,
  nested,
  optional,
  orNull,
  real,
  text,
  tuple,
} from './fields.ts';
import { collection } from './table.ts';

const NEVER_MS = Number.MAX_SAFE_INTEGER;

const tier = <Name extends string>(name: Name) =>
  code(['new', 'normal', 'good', 'restricted'], name);
const segment = <Name extends string>(name: Name) => code(['restricted', 'normal', 'good'], name);

/**
 * How each collection is stored. A field of an entity is a column, and so is a field of a nested
 * object that has few. Lists, and objects with a part that varies, are JSON in a column of their
 * own, because no query looks into them and they are read and written as a whole.
 *
 * A change here needs a migration. A test compares the declarations with the migrated schema.
 */
export const TABLES = {
  cases: collection<Records['cases']>()({
    fields: {
      id: text(),
      subject: text(),
      device: orNull(text()),
      openedAtMs: integer(),
      reasons: json(),
      reports: integer(),
      reporters: integer(),
      lane: text(),
      imminent: flag(),
      handedOn: orNull(nested({ by: text('handedOnBy'), to: text('handedOnTo') })),
      handOver: optional(json()),
      provenReporters: optional(integer()),
      apart: optional(flag()),
      crowded: optional(flag()),
      shreddedAtMs: optional(integer()),
      turn: optional(integer()),
      // The column `fold` is null while the queue shows the case outside its fold.
      fold: optional(text('ownFold')),
      pinLost: optional(flag()),
      state: text(),
      to: optional(text()),
      untilMs: optional(integer()),
      by: optional(text()),
      approval: inVariant(({ state }) => state === 'escalated', text()),
      decision: optional(text()),
      atMs: optional(integer('closedAtMs')),
      why: optional(text()),
    },
    derived: {
      atMs: {
        type: 'bigint',
        of: (of) => (of.state === 'closed' ? of.atMs : of.openedAtMs),
      },
      fold: {
        type: 'text',
        isNullable: true,
        of: (of) => (isFolded(of) ? (of.fold ?? null) : null),
      },
      place: { type: 'text', isNullable: true, of: placeOf },
    },
    indexes: [
      { on: ['subject', 'state'] },
      { on: ['state', 'atMs'] },
      { on: ['device'] },
      { on: ['lane', 'place', 'state'] },
      { on: ['fold', 'place', 'reports'] },
      { on: ['subject', 'lane'], unique: true, where: "state <> 'closed'" },
    ],
  }),
  reports: collection<Records['reports']>()({
    fields: {
      id: text(),
      match: text(),
      by: text(),
      of: text(),
      ofDevice: orNull(text()),
      reason: text(),
      lines: integer(),
      evidence: text(),
      from: optional(nested({ network: text('fromNetwork'), parent: text('fromParent') })),
      lastedMs: optional(integer()),
      byDevice: optional(text()),
      metBy: optional(text()),
      atMs: integer(),
      code: text(),
      side: text(),
      case: text(),
      weight: real(),
      added: real(),
      byProven: optional(flag()),
      fold: optional(text()),
      session: optional(integer()),
      verdict: text(),
      verdictBefore: text(),
      against: optional(real()),
      againstBefore: optional(real()),
      pair: optional(json()),
      erasureAskedAtMs: optional(integer()),
    },
    derived: {
      source: { type: 'text', isNullable: true, of: (report) => columnsOfReport(report).source },
      foldSource: {
        type: 'text',
        isNullable: true,
        of: (report) => columnsOfReport(report).foldSource,
      },
      foldDevice: {
        type: 'text',
        isNullable: true,
        of: (report) => columnsOfReport(report).foldDevice,
      },
    },
    indexes: [
      { on: ['case', 'atMs'] },
      { on: ['case', 'by', 'atMs'] },
      { on: ['of', 'atMs'] },
      { on: ['by', 'atMs'] },
      { on: ['atMs'] },
      { on: ['source', 'atMs', 'id'] },
      { on: ['foldSource', 'atMs', 'id'] },
      { on: ['foldDevice', 'atMs', 'id'] },
      { on: ['match', 'by', 'of'], unique: true },
    ],
  }),
  pictures: collection<Records['pictures']>()({
    fields: {
      id: text(),
      report: text(),
      case: text(),
      lane: text(),
      digest: orNull(text()),
      bytes: integer(),
      agoMs: integer(),
      atMs: integer(),
      // The column `keepUntilMs` never comes once the picture was destroyed.
      keepUntilMs: integer('expiresAtMs'),
      shreddedAtMs: orNull(integer()),
      uncoveredBy: optional(json()),
      unsealed: optional(nested({ for: text('unsealedFor'), untilMs: integer('unsealedUntilMs') })),
    },
    derived: {
      keepUntilMs: {
        type: 'bigint',
        of: ({ shreddedAtMs, keepUntilMs }) => (shreddedAtMs === null ? keepUntilMs : NEVER_MS),
      },
    },
    indexes: [{ on: ['report'] }, { on: ['case'] }, { on: ['keepUntilMs'] }],
  }),
  pictureKeys: collection<Records['pictureKeys']>()({
    fields: { id: text(), picture: text(), role: text(), wrapped: text(), atMs: integer() },
    derived: {},
    indexes: [{ on: ['picture'] }],
  }),
  decisions: collection<Records['decisions']>()({
    fields: {
      id: text(),
      case: text(),
      subject: text(),
      measure: text(),
      reason: text(),
      deciders: json(),
      atMs: integer(),
      finding: optional(text()),
      endsAtMs: orNull(integer()),
      reversedAtMs: orNull(integer()),
      replacedBy: orNull(text()),
      ended: json(),
      facts: optional(json()),
      sample: optional(json()),
    },
    derived: {},
    indexes: [{ on: ['case'] }, { on: ['subject'] }, { on: ['atMs'] }],
  }),
  sanctions: collection<Records['sanctions']>()({
    fields: {
      id: text(),
      decision: text(),
      on: nested({
        scope: text(),
        subject: optional(text()),
        device: optional(text()),
        account: optional(text()),
        prefix: optional(text()),
        family: optional(text()),
        bits: optional(integer()),
      }),
      restriction: text(),
      startsAtMs: integer('atMs'),
      endsAtMs: orNull(integer()),
      liftedAtMs: orNull(integer()),
    },
    derived: {
      namesNetwork: {
        type: 'smallint',
        of: ({ on }) => (on.scope === 'prefix' && on.prefix !== NO_NETWORK ? 1 : 0),
      },
      holdsUntilMs: {
        type: 'bigint',
        of: ({ endsAtMs, liftedAtMs }) => Math.min(endsAtMs ?? NEVER_MS, liftedAtMs ?? NEVER_MS),
      },
    },
    indexes: [
      { on: ['decision'] },
      { on: ['subject'] },
      { on: ['holdsUntilMs'] },
      { on: ['namesNetwork', 'holdsUntilMs'] },
    ],
  }),
  strikes: collection<Records['strikes']>()({
    fields: {
      id: text(),
      subject: text(),
      decision: text(),
      atMs: integer(),
      reversedAtMs: orNull(integer()),
    },
    derived: {},
    indexes: [{ on: ['subject'] }, { on: ['decision'] }],
  }),
  appeals: collection<Records['appeals']>()({
    fields: {
      id: text(),
      atMs: integer(),
      standing: text(),
      state: text(),
      decision: optional(text()),
      sanction: optional(text()),
      case: optional(text()),
      author: optional(text()),
      device: optional(text()),
      measure: optional(text()),
      by: optional(text()),
      outcome: optional(text()),
      endsAtMs: inVariant(
        ({ state, standing }) => state === 'answered' && standing !== 'age',
        integer(),
      ),
      answeredAtMs: optional(integer()),
      mootAtMs: optional(integer()),
      erasureAskedAtMs: optional(integer()),
    },
    derived: {},
    indexes: [
      { on: ['state', 'atMs'] },
      { on: ['decision'] },
      { on: ['author', 'atMs'] },
      { on: ['standing', 'atMs'] },
      { on: ['device', 'atMs'] },
      { on: ['decision'], unique: true, where: "standing = 'subject'" },
      { on: ['sanction', 'author'], unique: true },
    ],
  }),
  approvals: collection<Records['approvals']>()({
    fields: {
      id: text(),
      act: text(),
      by: text(),
      atMs: integer(),
      state: text(),
      second: optional(text()),
      answeredAtMs: optional(integer()),
      proposal: json(),
      via: optional(text()),
    },
    derived: {},
    indexes: [{ on: ['state'] }],
  }),
  people: collection<Records['people']>()({
    fields: {
      id: text(),
      trust: nested({
        score: real(),
        prior: real(),
        atMs: integer(),
        sessions: integer(),
        cleanSessions: integer(),
        grounds: optional(json()),
      }),
      rejected: real(),
      hold: orNull(json()),
      notice: optional(json()),
      exchangeClosure: optional(json()),
      standing: optional(json()),
      cleanNetworks: optional(json()),
      erasureAskedAtMs: optional(integer()),
    },
    derived: {
      heldUntilMs: { type: 'bigint', of: ({ hold }) => hold?.endsAtMs ?? 0 },
      provenUntilMs: {
        type: 'bigint',
        of: ({ standing }) => (standing === undefined ? 0 : provenUntilMs(standing)),
      },
    },
    indexes: [{ on: ['heldUntilMs'] }, { on: ['atMs'] }, { on: ['provenUntilMs', 'atMs'] }],
  }),
  ...ACCOUNT_TABLES,
  ...APART_TABLES,
  settings: collection<Records['settings']>()({
    fields: { id: text(), value: text(), atMs: integer() },
    derived: {},
    indexes: [],
  }),
  serverState: collection<Records['serverState']>()({
    fields: { id: text(), value: text(), atMs: integer() },
    derived: {},
    indexes: [],
  }),
  tallies: collection<Records['tallies']>()({
    fields: { id: text(), atMs: integer(), count: integer() },
    derived: {},
    indexes: [{ on: ['atMs'] }],
  }),
  pairs: collection<Records['pairs']>()({
    fields: {
      id: text(),
      // The column `atMs` has the end of the meeting, or its start while the call runs.
      atMs: integer('startedAtMs'),
      endedAtMs: optional(integer()),
      sides: tuple(
        {
          subject: text('a'),
          device: optional(text('aDevice')),
          place: orNull(nested({ tier: tier('aTier'), circle: segment('aSegment') })),
        },
        {
          subject: text('b'),
          device: optional(text('bDevice')),
          place: orNull(nested({ tier: tier('bTier'), circle: segment('bSegment') })),
        },
      ),
      mode: orNull(text()),
      age: text(),
      policy: int4(),
    },
    derived: {
      atMs: { type: 'bigint', of: ({ atMs, endedAtMs }) => endedAtMs ?? atMs },
    },
    // Retention reads by time. A user's meetings are few, so no time is needed beside the user.
    indexes: [{ on: ['atMs'] }, { on: ['a'], hash: true }, { on: ['b'], hash: true }],
  }),
  anchors: collection<Records['anchors']>()({
    fields: {
      id: text(),
      subject: text(),
      network: text(),
      family: text(),
      bits: integer(),
      atMs: integer(),
    },
    derived: {},
    indexes: [{ on: ['atMs'] }, { on: ['subject', 'atMs'] }, { on: ['network', 'atMs'] }],
  }),
  pushes: collection<Records['pushes']>()({
    fields: {
      id: text(),
      subject: text(),
      mode: text(),
      sealed: text(),
      atMs: integer(),
      sentAtMs: integer(),
    },
    derived: {},
    indexes: [{ on: ['atMs'] }, { on: ['subject'] }, { on: ['mode', 'sentAtMs'] }],
  }),
};
