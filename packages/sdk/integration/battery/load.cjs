/** From here, so that this folder's versions are found. */
exports.load = (name) => require(name);
