import type { SubjectId } from '@farandole/kernel/id';
import type { BlockRecord, ReportRecord, UnblockRecord } from './ports.ts';
import type { Session } from './session.ts';

/** A journal record whose sender waits for the result of the write. */
export type PendingWrite =
  | { readonly write: 'report'; readonly record: ReportRecord }
  | { readonly write: 'block'; readonly sessions: readonly Session[]; readonly record: BlockRecord }
  | {
      readonly write: 'unblock';
      readonly session: Session;
      readonly record: UnblockRecord;
      readonly id: string;
    }
  | { readonly write: 'age-refused'; readonly subject: SubjectId };
