import type { ControlTopic } from './controlTopic.ts';
import { type Acl, DEFAULT_ACCESS, type Role, SHARED_ROLES } from './dynsecConfig.ts';

/** A client as the plugin lists it. */
export interface ListedClient {
  username: string;
  textname?: string;
  textdescription?: string;
  roles?: { rolename: string }[];
}

/** All clients and the names of all roles at the broker. */
export async function listAccounts(control: ControlTopic): Promise<{ clients: ListedClient[]; roles: Set<string> }> {
  const { clients } = (await control.ask({ command: 'listClients', verbose: true, count: -1, offset: 0 })) as {
    clients: ListedClient[];
  };
  const { roles } = (await control.ask({ command: 'listRoles', verbose: false, count: -1, offset: 0 })) as {
    roles: string[];
  };
  return { clients, roles: new Set(roles) };
}

/** Brings what all accounts share in line: what holds without a role, and the roles of server, bridges and readers. */
export async function alignSharedParts(control: ControlTopic, roles: ReadonlySet<string>): Promise<void> {
  const { acls } = (await control.ask({ command: 'getDefaultACLAccess' })) as {
    acls: { acltype: keyof typeof DEFAULT_ACCESS; allow: boolean }[];
  };
  const isDefault = acls.every(({ acltype, allow }) => DEFAULT_ACCESS[acltype] === allow);
  for (const role of SHARED_ROLES) await alignRole(control, role, roles);
  if (isDefault) return;
  const access = Object.entries(DEFAULT_ACCESS).map(([acltype, allow]) => ({ acltype, allow }));
  await control.ask({ command: 'setDefaultACLAccess', acls: access });
}

async function alignRole(control: ControlTopic, role: Role, roles: ReadonlySet<string>): Promise<void> {
  if (!roles.has(role.rolename)) {
    await control.ask({ command: 'createRole', ...role });
    return;
  }
  const { role: present } = (await control.ask({ command: 'getRole', rolename: role.rolename })) as { role: Role };
  if (textOf(present.acls) !== textOf(role.acls)) await control.ask({ command: 'modifyRole', ...role });
}

/** The permissions as one text, whatever their order. */
function textOf(acls: readonly Acl[]): string {
  return acls
    .map(({ acltype, topic, allow }) => `${acltype} ${topic} ${allow}`)
    .sort()
    .join('\n');
}
