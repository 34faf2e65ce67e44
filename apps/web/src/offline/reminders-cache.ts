/**
 * Where the page puts the reminders of hours for its service worker, which can't read the page's
 * local storage: a response with a JSON array in a cache.
 */
export const REMINDERS = { cache: 'farandole-hours', path: '/hour-reminders' } as const;
