/**
 * Result of a notification. `gone`: the browser no longer takes any. `refused`: the push service
 * answered with an error. `failed`: the push service wasn't reached, or its address isn't allowed.
 */
export type PushOutcome = 'sent' | 'gone' | 'refused' | 'failed';
