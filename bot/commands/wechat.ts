import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import type { IssueToken } from '../channels/wechat/access-token.ts';
import { advice } from '../channels/wechat/advice.ts';
import { Api, ApiError, stableToken, workToken } from '../channels/wechat/api.ts';
import type { Family } from '../channels/wechat/error-codes.ts';
import { applyMenu, type Menu, menuSchema, platformMenu, removeMenu } from '../channels/wechat/menu.ts';
import { customerServicePath, officialAccountPath, wecomPath } from '../channels/wechat/names.ts';
import { type Config, ConfigError, readProcessConfig } from '../config.ts';
import { schemaFaults } from '../schema-faults.ts';
import { NotSent } from '../turns/errands.ts';
import { Mistake, needed, runCommand, typedArguments } from './run-command.ts';

const usage = `npm run wechat -- check                          tries every account that is configured
npm run wechat -- menu show                      the menu that the official account has
npm run wechat -- menu apply FILE [--dry-run]    gives it the menu of a file, such as knowledge/wechat-menu.yaml
npm run wechat -- menu remove                    takes its menu away`;

class Refusal extends Error {}

/** `npm run wechat`: the accounts in WeChat from the operator's side. It asks the platform, and touches nothing of the running bot. */
async function main(): Promise<void> {
  const { positionals, values } = typedArguments({ allowPositionals: true, options: { 'dry-run': { type: 'boolean', default: false } } });
  const [what, how, file] = positionals;
  const config = readProcessConfig();
  if (what === 'check' && how === undefined) return check(config);
  if (what !== 'menu') throw new Mistake('Say what is to be done.');
  switch (how) {
    case 'show':
      console.log(JSON.stringify(await officialAccountApi(config).get('/cgi-bin/menu/get', {}, z.unknown()), null, 2));
      return;
    case 'apply':
      return apply(config, readMenu(needed(file, 'the file of the menu')), values['dry-run']);
    case 'remove':
      await removeMenu(officialAccountApi(config));
      console.log('The account has no menu any more.');
      return;
    default:
      throw new Mistake('Say what is to be done with the menu: show, apply or remove.');
  }
}

function readMenu(file: string): Menu {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new Refusal(`${file}: ${error.message}`);
    throw new Refusal(`${file} cannot be read.`);
  }
  const parsed = menuSchema.safeParse(content);
  if (!parsed.success) throw new Refusal(`${file} is no menu: ${schemaFaults(parsed.error)}`);
  return parsed.data;
}

async function apply(config: Config, menu: Menu, isDryRun: boolean): Promise<void> {
  console.log(JSON.stringify(platformMenu(menu), null, 2));
  if (isDryRun) return console.log('Nothing was changed.');
  await applyMenu(officialAccountApi(config), menu);
  console.log('The account has this menu. WeChat shows it within some minutes, at once to who follows anew.');
}

function officialAccountApi({ weChat: { officialAccount } }: Config): Api {
  if (!officialAccount) throw new Refusal('No official account is configured: set WECHAT_OA_APP_ID and what belongs to it.');
  const { origin, appId, secret } = officialAccount;
  return apiOf('official-account', origin, stableToken(origin, appId, secret));
}

/** With a token that is asked for and not kept: the platform gives the running bot's own. */
function apiOf(family: Family, origin: string, issue: IssueToken): Api {
  return new Api({ family, origin, tokens: { current: async () => (await issue(false)).token, inPlaceOf: async () => undefined } });
}

async function check(config: Config): Promise<void> {
  const { officialAccount, wecom, customerService } = config.weChat;
  if (!officialAccount && !wecom && !customerService)
    throw new Refusal('No account in WeChat is configured. The README, "WeChat", says how.');
  const site = config.publicUrl ?? 'PUBLIC_URL (not set)';
  const trials: Promise<boolean>[] = [];
  if (officialAccount)
    trials.push(
      trial(`Official account ${officialAccount.appId}`, `${site}${officialAccountPath}`, 'official-account', () =>
        officialAccountApi(config).get('/cgi-bin/getcallbackip', {}, z.unknown()),
      ),
    );
  if (wecom) {
    const { origin, corpId, secret, agentId } = wecom;
    const api = apiOf('work', origin, workToken(origin, corpId, secret));
    trials.push(trial(`App ${agentId} in WeCom`, `${site}${wecomPath}`, 'work', () => api.get('/cgi-bin/getcallbackip', {}, z.unknown())));
  }
  if (customerService) {
    const { origin, corpId, secret, accounts } = customerService;
    const api = apiOf('work', origin, workToken(origin, corpId, secret));
    for (const account of accounts)
      trials.push(trial(`Customer service ${account}`, `${site}${customerServicePath}`, 'work', () => receivingAgents(api, account)));
  }
  if ((await Promise.all(trials)).includes(false)) process.exitCode = 1;
}

const agentsSchema = z.object({ servicer_list: z.array(z.looseObject({ status: z.number().optional() })).default([]) });

async function receivingAgents(api: Api, account: string): Promise<string> {
  const { servicer_list: agents } = await api.get('/cgi-bin/kf/servicer/list', { open_kfid: account }, agentsSchema);
  return `${agents.length} agents in WeCom, ${agents.filter(({ status }) => status === 0).length} of them receiving`;
}

/** Says of an account whether it can be called and, where not, what is to be done. */
async function trial(account: string, callback: string, family: Family, act: () => Promise<unknown>): Promise<boolean> {
  try {
    const found = await act();
    console.log(`${account}: works${typeof found === 'string' ? `; ${found}` : ''}.\n  Callback: ${callback}`);
    return true;
  } catch (error) {
    const cause = error instanceof NotSent && error.cause instanceof Error ? error.cause : error;
    const told = cause instanceof Error ? cause.message : String(cause);
    const remedy = cause instanceof ApiError ? advice(family, cause.code) : 'Is the way to the platform open from this machine?';
    console.log(`${account}: ${told}\n  ${remedy}\n  Callback: ${callback}`);
    return false;
  }
}

await runCommand(main, usage, [Refusal, ConfigError, ApiError, NotSent]);
