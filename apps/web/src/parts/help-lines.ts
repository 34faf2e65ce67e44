/** Directories of help lines, by country; the page only links to them. */
export const CHILD_HELP_LINES = 'https://childhelplineinternational.org/';
export const HELP_LINES = 'https://findahelpline.com/';
