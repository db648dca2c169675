//! The pictures on the cards.

use hothouse_sdk::prelude::*;

use crate::Kind;

/// A plant in a pot. Decoration: what it shows stands in the heading.
#[component]
pub(crate) fn Drawing(kind: Kind) -> Html {
    html! {
        <svg viewBox="0 0 320 150" aria-hidden="true">
            <rect width="320" height="150" fill="#cfe6d6"/>
            <circle cx="264" cy="36" r="18" fill="#f4d58d"/>
            <rect y="128" width="320" height="22" fill="#a9cdb5"/>
            match kind {
                Kind::Palm => {
                    <path d="M160 112C158 84 160 66 166 46" fill="none" stroke="#7d5a3c" stroke-width="6" stroke-linecap="round"/>
                    <path
                        d="M166 46C150 30 128 30 114 44C132 40 150 42 166 46C156 54 140 64 136 82C148 66 158 56 166 46C176 54 194 62 200 80C194 62 184 52 166 46C184 36 206 36 220 50C208 30 184 28 166 46"
                        fill="#2f7d55"
                    />
                }
                Kind::Fern => {
                    <path
                        d="M160 114C152 84 128 66 100 62M160 114C154 80 142 56 126 40M160 114C160 76 160 54 160 30M160 114C166 80 178 56 194 40M160 114C168 84 192 66 220 62"
                        fill="none"
                        stroke="#3c8f63"
                        stroke-width="9"
                        stroke-linecap="round"
                        stroke-dasharray="2 11"
                    />
                    <path
                        d="M160 114C152 84 128 66 100 62M160 114C154 80 142 56 126 40M160 114C160 76 160 54 160 30M160 114C166 80 178 56 194 40M160 114C168 84 192 66 220 62"
                        fill="none"
                        stroke="#256b46"
                        stroke-width="2.5"
                        stroke-linecap="round"
                    />
                }
                Kind::Cactus => {
                    <path
                        d="M160 116V46M160 92H132V70M160 80H188V58"
                        fill="none"
                        stroke="#4f9a6b"
                        stroke-width="18"
                        stroke-linecap="round"
                        stroke-linejoin="round"
                    />
                    <path
                        d="M160 110V50M132 84V74M188 72V62"
                        fill="none"
                        stroke="#2f7d55"
                        stroke-width="2"
                        stroke-linecap="round"
                        stroke-dasharray="1 7"
                    />
                    <circle cx="160" cy="36" r="6" fill="#d9657b"/>
                }
            }
            <path d="M136 106H184L178 140H142Z" fill="#b5654a"/>
            <rect x="132" y="102" width="56" height="9" rx="2" fill="#c9775a"/>
        </svg>
    }
}
