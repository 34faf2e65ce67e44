import type { AuditTrail, Records } from './records.ts';

/**
 * By what something was done in a member's name, other than by themselves in the console: at the machine
 * itself, where nobody asks who it is.
 */
export type Via = 'operator';

/** The same records, whose audit says of each row by what it was done. */
export function recordsVia(records: Records, via: Via): Records {
  const { audit } = records;
  const marked: AuditTrail = {
    append: (entry) => audit.append({ ...entry, details: { ...entry.details, via } }),
    after: (seq, limit) => audit.after(seq, limit),
    of: (about, limit) => audit.of(about, limit),
    head: () => audit.head(),
    countAbout: (by, action, fromMs) => audit.countAbout(by, action, fromMs),
    countOf: (by, action, fromMs) => audit.countOf(by, action, fromMs),
    lastOf: (actions) => audit.lastOf(actions),
    ofActions: (actions, seq, limit) => audit.ofActions(actions, seq, limit),
    verify: (known) => audit.verify(known),
    checkpoint: (known) => audit.checkpoint(known),
    forget: (about) => audit.forget(about),
    prune: (atMs, limit) => audit.prune(atMs, limit),
  };
  return { ...records, audit: marked };
}
