// The hooks of the app, and those of components, named as `component.Name`. A script that fails is told of, and the page
// lives without its hooks; one that is not there after ten seconds is not waited for.
async function loadHooks(hooks) {
  const load = async ({ href, dataset: { hooks: component } }) => {
    try {
      const { default: found } = await import(href);
      if (typeof found !== "object" || found === null) throw new Error("its default export is no object of hooks by name");
      for (const [name, hook] of Object.entries(found)) hooks[component ? `${component}.${name}` : name] = hook;
    } catch (error) {
      console.error(`the hooks in ${href} are not there:`, error);
    }
  };
  const loaded = Promise.all([...document.querySelectorAll("link[rel=modulepreload][data-hooks]")].map(load));
  await Promise.race([loaded, new Promise((resolve) => { setTimeout(resolve, 10_000); })]);
}
