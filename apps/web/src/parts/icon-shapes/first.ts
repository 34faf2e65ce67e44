/** Icons of the first screen, as paths. */
export const shapes = {
  alert: ['M12 4.5 21 19.5H3Z', 'M12 10.5v4M12 17.2v.1'],
  clock: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M12 7.5V12l3 2'],
  cross: ['M6 6l12 12M18 6L6 18'],
  globe: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17'],
  info: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M12 11v5M12 7.7v.1'],
  plus: ['M12 5v14M5 12h14'],
  retry: ['M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9', 'M19.5 4v5h-5'],
  settings: [
    'M4 7h9M17.5 7H20M4 17h2.5M11 17h9',
    'M15.2 4.7a2.3 2.3 0 1 0 .01 0',
    'M8.7 14.7a2.3 2.3 0 1 0 .01 0',
  ],
  unplugged: [
    'M3.5 10.5a12.5 12.5 0 0 1 3.7-2.5M12.5 7a12.5 12.5 0 0 1 8 3.5',
    'M7.5 14.3a6.5 6.5 0 0 1 3.3-1.8',
    'M12 18v.1',
    'M4 3l16.5 18',
  ],
} as const satisfies Record<string, readonly string[]>;
