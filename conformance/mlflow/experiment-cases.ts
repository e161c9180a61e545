/** Experiments: statements 14 to 23. */
import { newTrace } from './api.ts';
import { contains, equal, holds, invalid, notFound, refused, succeeded } from './assertions.ts';
import type { Case } from './case.ts';

const uniqueName = (): string => `shop-bot ${newTrace()}`;

export const experimentCases: readonly Case[] = [
  {
    number: 14,
    statement: 'experiment 0 is there, is called Default, and keeps its files under mlflow-artifacts',
    async run(api) {
      const answer = succeeded(await api.get2('experiments/get?experiment_id=0'));
      contains(answer.at('experiment'), { name: 'Default', lifecycle_stage: 'active' });
      holds(String(answer.at('experiment.artifact_location')).startsWith('mlflow-artifacts:'), answer.text);
    },
  },
  {
    number: 15,
    statement: 'a new experiment has a decimal id and is found by name',
    async run(api) {
      const name = uniqueName();
      const id = String(succeeded(await api.post2('experiments/create', { name })).at('experiment_id'));
      holds(/^\d+$/.test(id), id);
      const found = succeeded(await api.get2(`experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`));
      contains(found.at('experiment'), { experiment_id: id, artifact_location: `mlflow-artifacts:/${id}` });
    },
  },
  {
    number: 16,
    statement: 'a name that is taken is a 400 RESOURCE_ALREADY_EXISTS',
    async run(api) {
      const name = uniqueName();
      succeeded(await api.post2('experiments/create', { name }));
      refused(await api.post2('experiments/create', { name }), 400, 'RESOURCE_ALREADY_EXISTS');
    },
  },
  {
    number: 17,
    statement: 'an unknown name is not found',
    async run(api) {
      notFound(await api.get2(`experiments/get-by-name?experiment_name=${newTrace()}`));
    },
  },
  {
    number: 18,
    statement: 'deletion is soft, keeps the name taken and can be taken back once',
    async run(api) {
      const name = uniqueName();
      const experiment_id = String((await api.post2('experiments/create', { name })).at('experiment_id'));
      const stage = async () =>
        (await api.get2(`experiments/get?experiment_id=${experiment_id}`)).at('experiment.lifecycle_stage');
      succeeded(await api.post2('experiments/delete', { experiment_id }));
      equal(await stage(), 'deleted');
      refused(await api.post2('experiments/create', { name }), 400, 'RESOURCE_ALREADY_EXISTS');
      succeeded(await api.post2('experiments/restore', { experiment_id }));
      equal(await stage(), 'active');
      notFound(await api.post2('experiments/restore', { experiment_id }));
    },
  },
  {
    number: 19,
    statement: 'renaming shows, with a later last_update_time',
    async run(api) {
      const [experiment_id, new_name] = [await api.newExperiment(), uniqueName()];
      const read = async () =>
        (await api.get2(`experiments/get?experiment_id=${experiment_id}`)).at('experiment') as Record<string, number>;
      const before = await read();
      equal(succeeded(await api.post2('experiments/update', { experiment_id, new_name })).json, {});
      const after = await read();
      equal(after['name'], new_name);
      holds((after['last_update_time'] ?? 0) > (before['last_update_time'] ?? 0), 'a later last_update_time');
    },
  },
  {
    number: 20,
    statement: 'setting a tag again replaces its value',
    async run(api) {
      const experiment_id = await api.newExperiment();
      for (const value of ['a', 'b']) {
        equal(
          succeeded(await api.post2('experiments/set-experiment-tag', { experiment_id, key: 'team', value })).json,
          {},
        );
        equal((await api.get2(`experiments/get?experiment_id=${experiment_id}`)).at('experiment.tags'), [
          { key: 'team', value },
        ]);
      }
    },
  },
  {
    number: 21,
    statement: 'search leaves deleted ones out unless asked, filters by name and pages',
    async run(api) {
      const mark = newTrace();
      const ids: string[] = [];
      for (const at of [1, 2, 3])
        ids.push(String((await api.post2('experiments/create', { name: `sh${mark}${at}` })).at('experiment_id')));
      await api.post2('experiments/delete', { experiment_id: ids[0] });
      const found = async (more: object) => {
        const answer = succeeded(
          await api.post2('experiments/search', { filter: `name LIKE 'sh${mark}%'`, max_results: 100, ...more }),
        );
        const list = (answer.at('experiments') ?? []) as readonly { readonly experiment_id: string }[];
        return { ids: list.map((one) => one.experiment_id), token: answer.at('next_page_token') };
      };
      equal((await found({})).ids, [ids[2], ids[1]]);
      equal((await found({ view_type: 'ALL' })).ids.length, 3);
      const first = await found({ max_results: 1 });
      equal(first.ids, [ids[2]]);
      equal((await found({ max_results: 1, page_token: first.token })).ids, [ids[1]]);
    },
  },
  {
    number: 22,
    statement: 'a name of 501 characters is refused',
    async run(api) {
      invalid(await api.post2('experiments/create', { name: 'x'.repeat(501) }));
    },
  },
  {
    number: 23,
    statement: 'tags may be an object',
    ours: "MLflow's TypeScript client sends them so, and MLflow refuses them",
    async run(api) {
      const created = succeeded(await api.post2('experiments/create', { name: uniqueName(), tags: { k: 'v' } }));
      const id = String(created.at('experiment_id'));
      equal((await api.get2(`experiments/get?experiment_id=${id}`)).at('experiment.tags'), [{ key: 'k', value: 'v' }]);
    },
  },
];
