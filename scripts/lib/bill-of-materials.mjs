import { createHash } from 'node:crypto';

/** @typedef {import('./production-packages.mjs').ProductionPackage} ProductionPackage */

/**
 * Returns the software bill of materials of a release in the format CycloneDX 1.6. Equal arguments
 * give equal bytes.
 * @param {object} release
 * @param {string} release.version
 * @param {number} release.madeAtMs The commit's date.
 * @param {readonly ProductionPackage[]} release.packages
 * @param {{ name: string, version: string, license: string }} release.node The included Node.
 * @returns {string}
 */
export function billOfMaterials({ version, madeAtMs, packages, node }) {
  const refs = new Map(packages.map((one) => [one.path, purlOf(one)]));
  const components = [...packages.map(componentOf), nodeComponent(node)];
  const body = {
    metadata: {
      timestamp: new Date(madeAtMs).toISOString(),
      component: {
        type: 'application',
        'bom-ref': 'farandole',
        name: 'farandole',
        version,
        licenses: [{ license: { id: 'AGPL-3.0-or-later' } }],
      },
    },
    components: unique(components),
    dependencies: [
      {
        ref: 'farandole',
        dependsOn: [...packages.filter(isOurs).map(purlOf), nodeComponent(node)['bom-ref']],
      },
      ...unique(
        packages.map((one) => ({
          ref: purlOf(one),
          dependsOn: one.needs.map((path) => refs.get(path)),
        })),
      ),
    ],
  };
  const text = JSON.stringify({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}`,
    version: 1,
    ...body,
  });
  return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

/** @param {ProductionPackage} one */
function componentOf(one) {
  const slash = one.name.lastIndexOf('/');
  return {
    type: 'library',
    'bom-ref': purlOf(one),
    ...(slash > 0 && { group: one.name.slice(0, slash) }),
    name: one.name.slice(slash + 1),
    version: one.version,
    purl: purlOf(one),
    ...(one.license !== undefined && { licenses: [{ expression: one.license }] }),
    ...(one.integrity !== undefined && {
      hashes: [{ alg: 'SHA-512', content: hexOf(one.integrity) }],
    }),
  };
}

/** @param {{ name: string, version: string, license: string }} node */
function nodeComponent({ name, version, license }) {
  const purl = `pkg:npm/${name}@${version}`;
  const licenses = [{ expression: license }];
  return { type: 'platform', 'bom-ref': purl, name, version, purl, licenses };
}

/** @param {Pick<ProductionPackage, 'name' | 'version'>} one */
function purlOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** @param {ProductionPackage} one */
function isOurs({ integrity }) {
  return integrity === undefined;
}

/**
 * One package can be installed in several folders.
 * @template {object} Item
 * @param {readonly Item[]} items
 * @returns {readonly Item[]}
 */
function unique(items) {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** @param {string} integrity */
function hexOf(integrity) {
  return Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
}

/**
 * Returns a UUID of version 8 (RFC 9562), made from a digest of the content.
 * @param {string} content
 */
function uuidOf(content) {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}
