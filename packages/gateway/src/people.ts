import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { BlockRecord, ReportedRecord } from './ports.ts';

/** A user as the store knows them: by cookie and device key. */
export interface PersonKey {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
}

/** A separation that the store returns. Removed blocks are left out. */
export type SeparationFact = BlockRecord | ReportedRecord;

export interface MetFact {
  readonly match: MatchId;
  readonly subject: SubjectId;
  /** Null if an earlier version recorded the meeting. */
  readonly device: DeviceKeyId | null;
  readonly atMs: number;
}

/** The questions of a user who may ask some. */
export interface QuestionFacts {
  /** When the user's questions of the last hour reached others, oldest first. */
  readonly asked: readonly number[];
  /** Reports of the user's questions, each with the keyed hash of its reporter's network. */
  readonly reported: readonly {
    readonly text: string;
    readonly network: string;
    readonly atMs: number;
  }[];
}

/** What the node must know about a user before the user may meet others. */
export interface PersonFacts extends PersonKey {
  /** Blocks and reports by or about the user or the device key, oldest first. */
  readonly apart: readonly SeparationFact[];
  /** Users whom the user met within the cool-down. */
  readonly met: readonly MetFact[];
  /** Latest declaration of a minor by this user's cookie within a day, or null. */
  readonly cookieRefusedAtMs: number | null;
  /** Latest declaration of a minor on this device within a day, or null. */
  readonly deviceRefusedAtMs: number | null;
  /** When the user's cookie was first seen by any node, or null if the store doesn't know. */
  readonly firstSeenAtMs: number | null;
  /** Absent if the user has asked none. */
  readonly questions?: QuestionFacts;
}

/** Reads users' facts from the store. A slow or absent store delays the answer. */
export interface People {
  /**
   * Returns whether the user's facts are in memory. If not, requests them, and
   * `Gateway.peopleRead` is called later. Repeating a pending request changes nothing.
   */
  arrived(person: PersonKey): boolean;
  /** Called when the user's session ended. A pending request is dropped. */
  left(person: PersonKey): void;
}
