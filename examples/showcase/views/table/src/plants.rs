//! What there is to show: two hundred plants that no nursery has.

/// One plant of the catalogue.
#[derive(Debug, Clone)]
pub(crate) struct Plant {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) group: &'static str,
    pub(crate) height_cm: u32,
    pub(crate) in_stock: u32,
}

const VARIETIES: [&str; 20] = [
    "Amber", "Autumn", "Bronze", "Copper", "Dusky", "Emerald", "Frosted", "Giant", "Golden", "Ivory", "Jade",
    "Midnight", "Mottled", "Pale", "Ruby", "Sable", "Silver", "Striped", "Velvet", "Weeping",
];

/// Names, groups and the usual height in centimetres.
const KINDS: [(&str, &str, u32); 10] = [
    ("maidenhair", "Ferns", 40),
    ("tree fern", "Ferns", 220),
    ("fan palm", "Palms", 260),
    ("parlour palm", "Palms", 120),
    ("lady orchid", "Orchids", 35),
    ("moon orchid", "Orchids", 55),
    ("barrel cactus", "Succulents", 60),
    ("stonecrop", "Succulents", 12),
    ("pitcher plant", "Carnivores", 30),
    ("sundew", "Carnivores", 10),
];

/// All of them, in the order of their numbers.
pub(crate) fn all() -> Vec<Plant> {
    let varieties = VARIETIES.iter().enumerate();
    varieties
        .flat_map(|(row, variety)| {
            KINDS.iter().enumerate().map(move |(column, kind)| (row, variety, column, kind))
        })
        .map(|(row, variety, column, (kind, group, height))| {
            // Any rule will do, as long as it is the same each time.
            let number = row * KINDS.len() + column;
            let varied = u32::try_from(number * 37 % 23).unwrap_or_default();
            Plant {
                id: u32::try_from(number).unwrap_or_default() + 1,
                name: format!("{variety} {kind}"),
                group,
                height_cm: height + height * varied / 40,
                in_stock: u32::try_from(number * 53 % 41).unwrap_or_default(),
            }
        })
        .collect()
}
