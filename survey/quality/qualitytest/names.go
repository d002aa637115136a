package qualitytest

import "strings"

// The names that are frequent in the region, the most frequent first, of all its languages.
var (
	men = strings.Fields(`José Juan Luis Carlos Jorge Pedro Manuel Francisco Antonio Jesús Miguel Ángel João Jean Víctor Rafael Ramón Julio Fernando
		Ricardo Alberto Roberto Andrés Eduardo Sergio Mario Pablo Diego Daniel David Alejandro Óscar Raúl Enrique Héctor Javier Paulo Pierre Marcos
		Santiago Felipe Gabriel Martín Hugo Joseph Jacques Gonzalo Nelson Wilson Wilmer Édgar Iván Rubén Hernán Álvaro Gustavo Germán Armando Alfonso
		Jaime Guillermo Arturo Ernesto Rodrigo Joaquim Severino Sebastião Raimundo Benedito Emmanuel Wilner Frantz Evens Jhon Brayan Yeison Kevin Cristian
		Ezequiel Isaías Moisés Abel Elías Fidel Porfirio Crescencio Nicolás Tomás Agustín Simón Teodoro Saturnino Leónidas Florentino`)
	women = strings.Fields(`María Ana Rosa Carmen Luz Juana Marie Martha Gloria Francisca Antônia Sandra Blanca Claudia Patricia Elena Teresa Margarita
		Julia Isabel Luisa Guadalupe Adriana Alicia Yolanda Silvia Norma Beatriz Josefa Lucía Diana Mónica Sara Rebeca Raquel Esther Ruth Noemí Mercedes
		Dolores Concepción Rosario Pilar Esperanza Consuelo Amparo Socorro Nadège Mireille Ghislaine Rose Guerda Yolette Fabiola Daniela Camila Valentina
		Sofía Mariana Paola Andrea Carolina Natalia Verónica Ximena Jimena Yessenia Leidy Yuliana Karina Maribel Marisol Graciela Hilda Irma Inés Nieves
		Petrona Eulalia Felipa Tomasa Domitila Hermelinda Etelvina Ofelia Zoila Flor Nelly Nancy Deisy`)
	surnames = strings.Fields(`García Rodríguez González Hernández López Martínez Pérez Sánchez Ramírez Torres Flores Gómez Díaz Silva Santos Souza Oliveira
		Cruz Morales Reyes Gutiérrez Ortiz Vargas Castillo Rojas Mendoza Jiménez Moreno Castro Ramos Romero Álvarez Ruiz Herrera Medina Aguilar Vásquez
		Quispe Mamani Condori Huamán Chávez Rivera Guzmán Muñoz Restrepo Zapata Cardona Giraldo Ospina Quintero Valencia Arboleda Mosquera Palacios
		Córdoba Renteria Pereira Costa Ferreira Almeida Nascimento Araújo Ribeiro Pierre Joseph Charles Louis Désir Baptiste Toussaint Étienne Michel
		Dorcius Saint-Fleur Paredes Salazar Suárez Peña Figueroa Contreras Sepúlveda Espinoza Fuentes Tapia Ajú Tzoc Chub Caal Cucul Choque Apaza
		Cahuana Ticona Yupanqui Poma Lliuya Ñahui Cuzco Benítez Acosta Villalba Ayala Duarte Zárate Cabrera Ibarra Lucero`)
)

// nicknames are what people are called.
var nicknames = map[string]string{"José": "Pepe", "Francisco": "Pacho", "Jesús": "Chucho", "María": "Mari", "Guadalupe": "Lupe", "Luis": "Lucho", "Dolores": "Lola",
	"Manuel": "Manolo", "Rosario": "Charo", "Ignacio": "Nacho", "Alberto": "Beto", "Antonio": "Toño", "Concepción": "Concha", "Isabel": "Chabela"}
