/** One station's part, as it is kept. */
export interface KeptStation {
  /** Null once the station was withdrawn; then `secret`, `leaves` and `evidence` are null too. */
  stationId: string | null;
  root: Buffer;
  secret: Buffer | null;
  /** Canonical JSON of what the citation says of the station but its hours. */
  leaves: string | null;
  /** Key into the kept hours. */
  evidence: string | null;
}

/** A citation as it is kept; what the bytes mean is not the store's. */
export interface KeptCitation {
  id: string;
  /** Epoch ms. */
  citedAt: number;
  /** Equal for citations that say the same on the same day. */
  fingerprint: string;
  /** Compressed head. */
  head: Buffer;
  headSalt: Buffer;
  publicKey: string;
  signature: string;
  stations: KeptStation[];
}

/** Hours of one station, compressed, under a key made from them. Citations that rest on the same hours share them. */
export interface KeptHours {
  hash: string;
  stationId: string;
  hours: Buffer;
}

/** What one citation says of a station, and the secret of its salts. */
export interface CitedLeaves {
  citationId: string;
  /** Among the citation's stations. */
  position: number;
  secret: Buffer;
  leaves: string;
}
