import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { type Check, type CheckState, examine, type Finding, type Patient } from '../doctor/doctor.ts';
import { backupCheck, clockCheck, dataFolderCheck, diskCheck } from '../doctor/machineChecks.ts';
import { brokerCheck, certificateCheck, dnsCheck, httpsCheck, mailCheck } from '../doctor/networkChecks.ts';
import { serverCheck, storeCheck } from '../doctor/serverChecks.ts';
import { lockHolder } from '../process/dataDirLock.ts';
import { withAdminApi } from './adminApi.ts';
import type { Verb } from './verb.ts';

const HELP = `npx buergerluft doctor [--json]

Looks at everything a running instance rests on and says what is wrong and which command helps. Changes nothing. Exit code 1
when something fails.`;

const CHECKS: Readonly<Record<string, Check>> = {
  'data folder': dataFolderCheck,
  disk: diskCheck,
  clock: clockCheck,
  server: serverCheck,
  store: storeCheck,
  broker: brokerCheck,
  DNS: dnsCheck,
  certificate: certificateCheck,
  HTTPS: httpsCheck,
  mail: mailCheck,
  backup: backupCheck,
};

const MARKS: Readonly<Record<CheckState, string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', unset: '-   ' };

/** `doctor`. */
export const doctorVerb: Verb = {
  summary: 'say what is wrong and what helps',
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const config = loadConfig(terminal.env);
    const isRunning = lockHolder(config.DATA_DIR) !== undefined;
    const ask: Patient['ask'] = (path) => withAdminApi(terminal, (send) => send('GET', path));
    const patient: Patient = { config, isRunning, isContainer: terminal.isContainer === true, clock: Date.now, ask };
    const findings: (Finding & { name: string })[] = [];
    for await (const finding of examine(CHECKS, patient)) {
      findings.push(finding);
      if (!values.json) terminal.out(lineOf(finding));
    }
    if (values.json) terminal.out(`${JSON.stringify(findings, undefined, 2)}\n`);
    return findings.some(({ state }) => state === 'fail') ? 1 : 0;
  },
};

function lineOf({ name, state, detail, help }: Finding & { name: string }): string {
  const helps = help === undefined ? '' : `\n${' '.repeat(18)}${help}`;
  return `${MARKS[state]}  ${name.padEnd(11)} ${detail}${helps}\n`;
}
