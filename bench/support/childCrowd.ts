import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CrowdCall, CrowdOrder } from '../simulator/crowdChild.ts';

type Figures = Record<string, number>;

/** A crowd of devices or viewers in a process of its own. */
export interface ChildCrowd {
  /** From now on. */
  measure(): Promise<Figures>;
  figures(): Promise<Figures>;
  /** Ends it once everything on its way is answered; its last figures. */
  end(): Promise<Figures>;
}

/** Starts one; resolves when all its viewers are connected, or its devices are running. */
export async function startCrowd(order: CrowdOrder): Promise<ChildCrowd> {
  const child = fork(fileURLToPath(new URL('../simulator/crowdChild.js', import.meta.url)), { execArgv: [] });
  const ask = (message: CrowdOrder | CrowdCall) =>
    new Promise<Figures>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the crowd ended with ${code}`));
      child.once('exit', ended);
      child.once('message', ({ figures, error }: { figures?: Figures; error?: string }) => {
        child.off('exit', ended);
        if (figures === undefined) reject(new Error(error));
        else resolve(figures);
      });
      child.send(message);
    });
  await ask(order);
  return {
    measure: () => ask({ call: 'measure' }),
    figures: () => ask({ call: 'figures' }),
    end: async () => {
      const figures = await ask({ call: 'end' });
      child.kill('SIGKILL');
      return figures;
    },
  };
}
