import type { Command } from './controlTopic.ts';
import { type BrokerAccount, isSameToken, markOf, OURS, roleOf, rolesOf } from './dynsecConfig.ts';

/** What the broker has of ours. */
export interface BrokerState {
  /** The mark noted beside each account that is ours or has a device's name, by its name; '' without one. */
  marks: Map<string, string>;
  /** Names of those among them that we made: only these are removed when nobody wants them. */
  ours: Set<string>;
  /** Names of all roles. */
  roles: Set<string>;
}

/** What brings one account in line, and its mark afterwards; undefined when it is gone then. */
export interface Step {
  username: string;
  commands: Command[];
  mark: string | undefined;
}

/** What is to be done. */
export interface AccountPlan {
  steps: Step[];
  /** Devices that cannot sign in: the broker lacks their token, and so do we, who keep no token in clear. */
  lacking: string[];
}

/** A password in clear the broker can be given: a token just made, or that of a service. */
export type Secrets = ReadonlyMap<string, string>;

/**
 * What brings the broker's accounts in line with the registry's. An account whose former token would still be good is
 * removed even when there is no new one to set: a revoked token must not go on.
 */
export function planAccounts(wanted: Iterable<BrokerAccount>, state: BrokerState, secrets: Secrets): AccountPlan {
  const plan: AccountPlan = { steps: [], lacking: [] };
  const names = new Set<string>();
  for (const account of wanted) {
    const username = account.device.id;
    names.add(username);
    const mark = markOf(account);
    const present = state.marks.get(username);
    if (present === mark) continue;
    const hasToken = present !== undefined && isSameToken(present, mark);
    const secret = secrets.get(username);
    if (!hasToken && secret === undefined) {
      plan.lacking.push(username);
      if (present !== undefined) plan.steps.push(removal(username, state));
      continue;
    }
    const password = hasToken ? {} : { password: secret };
    plan.steps.push({
      username,
      mark,
      commands: [roleCommand(account, state), clientCommand(account, present, password)],
    });
  }
  const leftOver = [...state.ours].filter((username) => !names.has(username));
  plan.steps.push(...leftOver.map((username) => removal(username, state)));
  return plan;
}

function roleCommand({ device }: BrokerAccount, { roles }: BrokerState): Command {
  const role = roleOf(device);
  return { command: roles.has(role.rolename) ? 'modifyRole' : 'createRole', ...role };
}

function clientCommand(
  account: BrokerAccount,
  present: string | undefined,
  password: { password?: string | undefined },
) {
  const roles = rolesOf(account.device).map((rolename) => ({ rolename }));
  return {
    command: present === undefined ? 'createClient' : 'modifyClient',
    ...{ username: account.device.id, textname: OURS, textdescription: markOf(account), roles },
    ...password,
  };
}

function removal(username: string, { roles }: BrokerState): Step {
  const role = roles.has(username) ? [{ command: 'deleteRole', rolename: username }] : [];
  return { username, mark: undefined, commands: [{ command: 'deleteClient', username }, ...role] };
}
