/**
 * Loaded before the server under measurement (`--import`, with `--expose-gc`): asked over the IPC channel, it collects all
 * garbage and says how much heap is in use then. What a heap holds between two collections says nothing about a leak: the
 * young generation alone is 128 MB.
 */
const { gc } = globalThis as { gc?: () => void };

process.on('message', (message) => {
  if (message !== 'collect') return;
  // Twice: what the first turn's finalizers let go of.
  gc?.();
  setImmediate(() => {
    gc?.();
    process.send?.({ heapUsed: process.memoryUsage().heapUsed });
  });
});
// Being asked is no reason to stay.
process.channel?.unref();

export {};
