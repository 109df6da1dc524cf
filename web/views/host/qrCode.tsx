import { create } from 'qrcode';

/** White modules around the code: scanners need four (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code as one path, black on white in every theme: scanners want it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const side = size + 2 * QUIET;
  let path = '';
  for (let i = 0; i < data.length; i += 1) {
    if (data[i]) path += `M${(i % size) + QUIET} ${Math.floor(i / size) + QUIET}h1v1h-1z`;
  }
  return (
    <svg class="qr-code" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
