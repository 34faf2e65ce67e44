/** `npm run capacity` prints how many nodes, relays and moderators a number of users needs. */
import { ASSUMED, MEASURED } from './costs.ts';
import { capacityTable } from './table.ts';

console.log(capacityTable());
console.log('\nMeasured:');
for (const [name, { value, command, date }] of Object.entries(MEASURED)) {
  console.log(`  ${name.padEnd(14)} ${String(value).padStart(7)}  ${date}  ${command}`);
}
console.log('\nAssumed:');
for (const [name, value] of Object.entries(ASSUMED)) console.log(`  ${name.padEnd(24)} ${value}`);
