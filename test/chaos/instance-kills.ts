import { setTimeout as pause } from 'node:timers/promises';
import { Line, settle, visit } from '../support/accounting.ts';
import { randomFrom } from '../support/random.ts';
import { any, type Instance } from './instance.ts';
import { expected, faultsOf, type Outcome, type Setting, scaled } from './row.ts';
import { spread } from './table.ts';

const visitors = 200;
const turnsEach = 50;
const kills = 100;
const thinkMs = 100;
/** Killing goes by what was served, so that it comes in the middle of the traffic on any machine; and then somewhere within a request. */
const servedPerKill = (visitors * turnsEach) / kills;
const mostMs = 20;

/** Visitors talk to the instances, whichever they meet, while one after the other is killed at random moments. */
export async function killUnderTraffic(instances: readonly Instance[], setting: Setting): Promise<Outcome> {
  const random = randomFrom(setting.seed);
  const line = new Line(() => any(instances).url);
  const toKill = scaled(kills, setting);
  let killed = 0;
  const talking = visit(line, scaled(visitors, setting), ({ acknowledged }) => killed < toKill || acknowledged.length < turnsEach, thinkMs);
  const returning = new Map<Instance, Promise<void>>();
  for (; killed < toKill; killed += 1) {
    const victim = any(instances, random);
    await returning.get(victim);
    await line.serves(random() * 2 * servedPerKill);
    await pause(random() * mostMs);
    returning.set(victim, victim.killAndRestart());
  }
  const meanwhile = line.endings.served;
  await Promise.all(returning.values());
  const account = await settle(await talking);
  const { served, told, cut, nobody } = line.endings;
  return {
    account,
    kills: killed,
    figures: {
      'requests served / cut off / found nobody / told to come again': `${served} / ${cut} / ${nobody} / ${told}`,
      'served until the last kill': meanwhile,
      'ready again': spread(instances.flatMap(({ starts }) => starts)),
      'starts in vain': instances.reduce((sum, { startsInVain }) => sum + startsInVain, 0),
    },
    faults: [...faultsOf(account), ...expected(cut > killed / 2, `only ${cut} requests were cut off by ${killed} kills`)],
  };
}
