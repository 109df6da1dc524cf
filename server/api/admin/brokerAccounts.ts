import { Router } from 'express';
import type { AccountDirectory } from '../../brokerAccounts/dynsecConfig.ts';
import { isLocalAdmin } from '../http/access.ts';
import { NOT_FOUND, sendProblem } from '../http/problem.ts';

/** `npx buergerluft broker-config` beside a running server. On the control socket only: it hands out token hashes. */
export function createBrokerAccountsRouter(directory: Pick<AccountDirectory, 'credentials'>): Router {
  const router = Router();
  router.get('/broker-accounts', (request, response) => {
    if (!isLocalAdmin(request)) return sendProblem(response, NOT_FOUND);
    const accounts = [...directory.credentials()].map(({ device, mosquittoHash }) => ({ device, mosquittoHash }));
    response.set('Cache-Control', 'no-store').json({ accounts });
  });
  return router;
}
