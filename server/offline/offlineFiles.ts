import type { Config } from '../config.ts';
import { type LogoFile, readLogoFile } from './logoFile.ts';
import { type MapFile, openMapFile } from './mapFile.ts';
import { type Places, readPlacesFile } from './placesFile.ts';

/** What the operator provides: so that no map server and no search service is asked, and the logo. */
export interface OfflineFiles {
  map?: MapFile;
  places?: Places;
  logo?: LogoFile;
}

/**
 * Looks at the files.
 * @throws StartError with one line when one is missing or broken.
 */
export async function openOfflineFiles({
  MAP_FILE,
  PLACES_FILE,
  LOGO,
}: Pick<Config, 'MAP_FILE' | 'PLACES_FILE' | 'LOGO'>): Promise<OfflineFiles> {
  return {
    ...(MAP_FILE !== undefined && { map: await openMapFile(MAP_FILE) }),
    ...(PLACES_FILE !== undefined && { places: await readPlacesFile(PLACES_FILE) }),
    ...(LOGO !== undefined && { logo: await readLogoFile(LOGO) }),
  };
}
