// Checks bills of materials against the schema that CycloneDX publishes: `validate.js file …`, silent if all are valid.
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv");
const formats = require("ajv-formats");

const folder = path.join(path.dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res", "schema");
const schema = (name) => JSON.parse(fs.readFileSync(path.join(folder, name + ".SNAPSHOT.schema.json")));

// Two formats are unknown to it: those of addresses in other scripts than Latin.
const ajv = formats(new Ajv({ strict: false, allErrors: true, formats: { "idn-email": true, "iri-reference": true } }));
for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
}
const validate = ajv.compile(schema("bom-1.6"));

for (const file of process.argv.slice(2)) {
    if (!validate(JSON.parse(fs.readFileSync(file)))) {
        console.log(file, JSON.stringify(validate.errors, null, 2));
        process.exitCode = 1;
    }
}
