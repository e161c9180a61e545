/** From here, so that this folder's versions are found. */
export const load = (name) => import(name);
