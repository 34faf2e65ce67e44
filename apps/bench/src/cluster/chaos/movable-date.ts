/**
 * Loaded with `node --import` into a node. Its date is wrong by `CHAOS_DATE_OFF_MS` from the start,
 * or from SIGUSR2 on if `CHAOS_DATE_ON_SIGNAL` is set.
 */
const offMs = Number(process.env['CHAOS_DATE_OFF_MS']);
const machineDate = Date.now.bind(Date);
let isOff = process.env['CHAOS_DATE_ON_SIGNAL'] === undefined;

Date.now = () => machineDate() + (isOff ? offMs : 0);
process.on('SIGUSR2', () => {
  isOff = true;
});
