/**
 * Exits with the code of a command. If the process runs out of work while the command is unfinished,
 * prints an error and exits with 1.
 */
export function exitWith(command: Promise<number>): void {
  const stop = (): void => {
    console.error(
      'The command stopped before it was finished. This is a bug in Farandole: please report it.',
    );
    process.exitCode = 1;
  };
  process.once('beforeExit', stop);
  void command
    .finally(() => process.off('beforeExit', stop))
    .then((code) => {
      process.exitCode = code;
    });
}
