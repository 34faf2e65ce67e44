import type { SubjectId } from '@farandole/kernel/id';
import { PAIR_NOTES_MAX } from '@farandole/protocol/limits';
import type { PairNote } from '@farandole/protocol/session-snapshot';
import type { JournalRecord } from '../ports.ts';
import type { Session } from '../session.ts';

/**
 * Remembers a meeting, block or report on the sessions of its users. They take it to the next node,
 * which may read the user's facts from the store before the record is committed.
 */
export function noteOnSessions(
  { sessionBySubject }: { readonly sessionBySubject: ReadonlyMap<SubjectId, Session> },
  record: JournalRecord,
): void {
  const note = noteOf(record);
  if (note === null) return;
  const subjects = record.kind === 'encounter' ? record.subjects : subjectsOf(record);
  for (const subject of subjects) {
    const session = sessionBySubject.get(subject);
    if (session !== undefined) session.notes = [...session.notes, note].slice(-PAIR_NOTES_MAX);
  }
}

/** Removes a block that no longer holds from the notes of a session. */
export function dropBlockNotes(session: Session, mark: string): void {
  session.notes = session.notes.filter((note) => note.kind !== 'block' || note.mark !== mark);
}

function subjectsOf(record: Exclude<JournalRecord, { kind: 'encounter' }>): readonly SubjectId[] {
  return record.kind === 'age-refused' ? [] : [record.by, record.of];
}

function noteOf(record: JournalRecord): PairNote | null {
  switch (record.kind) {
    case 'age-refused':
      return null;
    case 'encounter': {
      const { kind, match, subjects, devices, atWallMs } = record;
      if (devices === undefined) return null;
      return { kind, match, subjects: [...subjects], devices: [...devices], atWallMs };
    }
    case 'report': {
      const { id, code, match, by, of, reporterSide, atWallMs } = record;
      const { byDevice, ofDevice, ofNetwork } = record;
      return {
        ...{ kind: 'reported', id, code, match, by, of, reporterSide, atWallMs, ofDevice },
        ...(byDevice !== undefined && { byDevice }),
        ...(ofNetwork !== undefined && { ofNetwork }),
      };
    }
    case 'block':
    case 'unblock':
      return record;
  }
}
