/** `npm run capacity` prints how many nodes, relays and moderators a number of users needs. */
import { parseArgs } from 'node:util';
import { billTable, readBillOptions } from './bill.ts';
import { ASSUMED, BILL, COSTS, MEASURED } from './costs.ts';
import { capacityTable } from './table.ts';

const OPTION = { type: 'string' } as const;

try {
  const { values } = parseArgs({
    options: {
      'relay-share': OPTION,
      'relay-kbps-max': OPTION,
      'relay-price': OPTION,
      'calls-a-report': OPTION,
      'minutes-a-report': OPTION,
    },
  });
  const bill = readBillOptions(values, BILL);
  console.log(capacityTable());
  console.log(`\nThe bill:\n\n${billTable(bill, ASSUMED, COSTS)}`);
  console.log('\nMeasured:');
  for (const [name, { value, command, date }] of Object.entries(MEASURED)) {
    console.log(`  ${name.padEnd(14)} ${String(value).padStart(7)}  ${date}  ${command}`);
  }
  console.log('\nAssumed:');
  for (const [name, value] of Object.entries(ASSUMED)) console.log(`  ${name.padEnd(24)} ${value}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
